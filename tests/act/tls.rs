//! STARTTLS toward a next hop: verified where it must be, and nothing sent where it is not.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use sluse::act::{Begin, Cause, Custody, Phase, Reuse, Route, Tls, TlsTrouble, Verified, Way};
use sluse::certificate::{Identity, IdentityFiles, authorities};

use super::hop::Hop;
use super::{DATA, ENVELOPE, HELLO, relay, route, script, spooled, verified, wire};

const STARTTLS: &str = "
    > 220 hop
    < EHLO
    > 250-hop
    > 250-DSN
    > 250 STARTTLS
    < STARTTLS
";
const SWITCH: &str = "> 220 go\n ! tls\n";
const INSIDE: &str = "< EHLO sluse.example\n > 250 hop\n";
const TAKEN: &str = "! message \n > 250 Ok";

/// An authority, in a file, and a server with a certificate of it for `hop.example`.
pub(crate) struct Authority {
    pub(crate) folder: tempfile::TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
    pub(crate) file: PathBuf,
    pub(crate) server: Arc<ServerConfig>,
}

/// OpenSSL takes a certificate whose issuer is called as its subject is for one that signed itself.
fn called(name: &str) -> DistinguishedName {
    let mut called = DistinguishedName::new();
    called.push(DnType::CommonName, name);
    called
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = called("Authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["hop.example".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("authorities.pem");
        std::fs::write(&file, issuer.pem()).unwrap();
        let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        Self {
            folder,
            issuer,
            file,
            server: Arc::new(server),
        }
    }

    /// A certificate of it for this name and this use, with its key, in files.
    pub(crate) fn issue(&self, name: &str, usage: ExtendedKeyUsagePurpose) -> IdentityFiles {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name = called(name);
        params.extended_key_usages = vec![usage];
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let path = |kind: &str| self.folder.path().join(format!("{name}.{kind}"));
        let files = IdentityFiles {
            certificate: path("pem"),
            key: path("key"),
        };
        std::fs::write(&files.certificate, certificate.pem()).unwrap();
        std::fs::write(&files.key, key.serialize_pem()).unwrap();
        let secret = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&files.key, secret).unwrap();
        files
    }

    /// What a client trusts that trusts it.
    pub(crate) fn roots(&self) -> RootCertStore {
        authorities(&self.file).unwrap()
    }

    /// A server that takes no client without a certificate of it.
    pub(crate) fn server_that_asks(&self) -> Arc<ServerConfig> {
        let provider = Arc::new(ring::default_provider());
        let roots = Arc::new(self.roots());
        let verifier = WebPkiClientVerifier::builder_with_provider(roots, Arc::clone(&provider));
        let own = self.issue("asks.example", ExtendedKeyUsagePurpose::ServerAuth);
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap())
            .with_cert_resolver(Identity::read(&own).unwrap().resolver());
        Arc::new(config)
    }

    fn hop(&self, scripts: &[&str]) -> Hop {
        Hop::play_with(scripts, Some(Arc::clone(&self.server)))
    }
}

fn opportunistic(port: u16) -> Arc<Way> {
    let route = Route {
        tls: Tls::Opportunistic(None),
        ..route(port)
    };
    Way::new(route, Reuse::default()).unwrap()
}

/// The trouble of a verified route, which has sent nothing.
async fn refused(hop: Hop, name: &str, authorities: &Path) -> TlsTrouble {
    let way = verified(hop.port, name, authorities.into());
    let trouble = relay(&way, &spooled(b"a: b\r\n")).await.unwrap_err();
    assert_eq!(trouble.phase, Phase::StartTls, "{trouble}");
    assert_eq!(trouble.custody, Custody::Kept);
    assert!(wire(&trouble.reply()).starts_with("451 4.7.5 "));
    let heard = hop.heard_whatever();
    assert!(!heard.lines.iter().any(|line| line.starts_with("MAIL")));
    match trouble.cause {
        Cause::Tls(trouble) => trouble,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_verified_route_sends_under_tls_and_believes_nothing_said_before() {
    let authority = Authority::new();
    let message: Vec<u8> = b".many lines\r\n".repeat(200_000);
    let hop = authority.hop(&[&script(&[STARTTLS, SWITCH, INSIDE, ENVELOPE, DATA, TAKEN])]);
    let way = verified(hop.port, "hop.example", authority.file.clone());
    let reply = relay(&way, &spooled(&message)).await.unwrap();
    assert_eq!(reply.code(), 250);
    // DSN was only offered in the clear.
    assert!(!way.offers().unwrap().announced().dsn);
    assert!(hop.heard().messages == [message]);
}

#[tokio::test]
async fn a_certificate_for_another_name_or_from_another_authority_is_refused() {
    let (authority, other) = (Authority::new(), Authority::new());
    let switch = script(&[STARTTLS, SWITCH, INSIDE]);
    let hop = authority.hop(&[&switch]);
    let trouble = refused(hop, "elsewhere.example", &authority.file).await;
    assert!(matches!(trouble, TlsTrouble::Handshake(_)), "{trouble}");
    let hop = authority.hop(&[&switch]);
    let trouble = refused(hop, "hop.example", &other.file).await;
    assert!(matches!(trouble, TlsTrouble::Handshake(_)), "{trouble}");
}

#[tokio::test]
async fn no_tls_is_refused_by_a_verified_route() {
    let authority = Authority::new();
    let hop = authority.hop(&[&script(&[HELLO, "! stall"])]);
    let trouble = refused(hop, "hop.example", &authority.file).await;
    assert!(matches!(trouble, TlsTrouble::NotOffered), "{trouble}");
    for no in ["> 454 4.7.0 Not now\n", "> 502 5.5.1 What\n"] {
        let hop = authority.hop(&[&script(&[STARTTLS, no, "! stall"])]);
        let trouble = refused(hop, "hop.example", &authority.file).await;
        assert!(matches!(trouble, TlsTrouble::Refused(_)), "{trouble}");
    }
    let hop = authority.hop(&[&script(&[STARTTLS, "> 220 go\n > nonsense\n ! pause"])]);
    let trouble = refused(hop, "hop.example", &authority.file).await;
    assert!(
        matches!(trouble, TlsTrouble::Handshake(_) | TlsTrouble::Injected),
        "{trouble}"
    );
}

#[tokio::test]
async fn replies_injected_before_the_handshake_end_it() {
    let authority = Authority::new();
    let injected = "> 220 go\\r\\n250-hop\\r\\n250 DSN\n ! pause";
    let hop = authority.hop(&[&script(&[STARTTLS, injected])]);
    let trouble = refused(hop, "hop.example", &authority.file).await;
    assert!(matches!(trouble, TlsTrouble::Injected), "{trouble}");
}

#[tokio::test]
async fn an_opportunistic_route_takes_any_certificate() {
    let authority = Authority::new();
    let hop = authority.hop(&[&script(&[STARTTLS, SWITCH, INSIDE, ENVELOPE, DATA, TAKEN])]);
    let reply = relay(&opportunistic(hop.port), &spooled(b"a: b\r\n")).await;
    assert_eq!(reply.unwrap().code(), 250);
    hop.heard();
}

#[tokio::test]
async fn an_opportunistic_route_goes_on_in_the_clear() {
    let authority = Authority::new();
    let plain = script(&[HELLO, ENVELOPE, DATA, TAKEN]);
    let unoffered: &[&str] = &[&plain];
    let broken = script(&[STARTTLS, "> 220 go\n > This is no handshake\n ! pause"]);
    let refuses = script(&[STARTTLS, "> 454 4.7.0 Not now\n ! stall"]);
    for scripts in [unoffered, &[&broken, &plain], &[&refuses, &plain]] {
        let hop = authority.hop(scripts);
        let reply = relay(&opportunistic(hop.port), &spooled(b"a: b\r\n")).await;
        assert_eq!(reply.unwrap().code(), 250);
        assert_eq!(hop.heard().messages.len(), 1);
    }
}

#[tokio::test]
async fn a_death_after_the_final_dot_is_unknown_under_tls_too() {
    let authority = Authority::new();
    let dies = script(&[STARTTLS, SWITCH, INSIDE, ENVELOPE, DATA, "! message"]);
    let hop = authority.hop(&[&dies]);
    let way = verified(hop.port, "hop.example", authority.file.clone());
    let trouble = relay(&way, &spooled(b"a: b\r\n")).await.unwrap_err();
    assert_eq!(trouble.custody, Custody::Unknown, "{trouble}");
    assert_eq!(hop.heard().messages.len(), 1);
}

#[test]
fn what_cannot_be_set_up_names_the_file_or_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let garbage = folder.path().join("garbage.pem");
    std::fs::write(
        &garbage,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "nothing here\n").unwrap();
    let missing = folder.path().join("missing.pem");
    for file in [garbage, empty, missing] {
        let error = error("hop.example", Some(file.clone()));
        assert!(error.contains(file.to_str().unwrap()), "{error}");
        assert!(error.contains("route test"), "{error}");
    }
    let error = error("not a name", None);
    assert!(error.contains("`not a name`"), "{error}");
}

fn error(name: &str, authorities: Option<PathBuf>) -> String {
    let authority = Authority::new();
    let tls = Tls::Verified(Verified {
        name: Some(name.into()),
        authorities: authorities.or(Some(authority.file)),
        begin: Begin::StartTls,
        identity: None,
        login: None,
    });
    let route = Route { tls, ..route(1) };
    Way::new(route, Reuse::default()).unwrap_err().to_string()
}
