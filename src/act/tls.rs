//! TLS toward a next hop.

use std::path::PathBuf;
use std::sync::Arc;
use std::{fmt, io};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::act::stream::Stream;
use crate::act::{Begin, Login, NextHop, Tls};
use crate::certificate::{CertificateError, Identity, IdentityFiles, authorities, secret};
use crate::smtp::client::{BadCredentials, Credentials};

/// How a route's connections are protected, with everything read that it takes.
#[derive(PartialEq)]
pub(super) enum TlsClient {
    Off,
    Opportunistic(Client),
    Verified(Client, Begin, Option<Credentials>),
}

/// A configured client.
pub(super) struct Client {
    connector: TlsConnector,
    /// What it was configured with: by these two clients are the same.
    roots: Arc<RootCertStore>,
    identity: Option<Identity>,
}

/// Why a route's TLS cannot be set up: the administrator is at fault.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// No name a certificate could be for.
    #[error("`{0}` is neither a host name nor an address, so no certificate can be for it")]
    Name(Box<str>),
    /// A file of certificates or keys is no use.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A file is to hold a password and does not.
    #[error("{}: {reason}", .file.display())]
    Password {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: BadCredentials,
    },
    /// This system has no authorities.
    #[error("the system has no trusted authorities ({0}); name a file of them")]
    NoSystemAuthorities(Box<str>),
    /// The TLS library has no use for what it was given.
    #[error(transparent)]
    Unusable(#[from] rustls::Error),
}

impl TlsClient {
    /// Reads what the route's TLS needs. Called once; files changed later are not seen.
    pub(super) fn new(tls: &Tls) -> Result<Self, TlsError> {
        match tls {
            Tls::Off => Ok(Self::Off),
            Tls::Opportunistic(identity) => {
                let client = Client::new(None, identity.as_ref())?;
                Ok(Self::Opportunistic(client))
            }
            Tls::Verified(verified) => {
                let roots = match &verified.authorities {
                    Some(file) => authorities(file)?,
                    None => system_authorities()?,
                };
                let client = Client::new(Some(roots), verified.identity.as_ref())?;
                let login = verified.login.as_ref().map(credentials).transpose()?;
                Ok(Self::Verified(client, verified.begin, login))
            }
        }
    }

    /// When it begins.
    pub(super) fn begin(&self) -> Begin {
        match self {
            Self::Off | Self::Opportunistic(_) => Begin::StartTls,
            Self::Verified(_, begin, _) => *begin,
        }
    }

    /// What is said to a next hop that was verified.
    pub(super) fn login(&self) -> Option<&Credentials> {
        match self {
            Self::Off | Self::Opportunistic(_) => None,
            Self::Verified(_, _, login) => login.as_ref(),
        }
    }

    /// Whether STARTTLS is used where it is offered.
    pub(super) fn is_wanted(&self) -> bool {
        !matches!(self, Self::Off)
    }

    /// Whether nothing is sent without it.
    pub(super) fn is_required(&self) -> bool {
        matches!(self, Self::Verified(..))
    }

    /// The handshake with a host of this name. Where there is no TLS, there is no name, and nothing is done.
    pub(super) async fn protect(
        &self,
        stream: TcpStream,
        name: Option<&ServerName<'static>>,
    ) -> io::Result<Stream> {
        match (self, name) {
            (Self::Off, _) => Ok(Stream::Plain(stream)),
            (_, None) => Err(io::ErrorKind::InvalidInput.into()),
            (Self::Opportunistic(client) | Self::Verified(client, ..), Some(name)) => {
                let stream = client.connector.connect(name.clone(), stream);
                Ok(Stream::Tls(Box::new(stream.await?)))
            }
        }
    }
}

impl Client {
    /// Without authorities, any certificate is taken.
    fn new(
        roots: Option<RootCertStore>,
        identity: Option<&IdentityFiles>,
    ) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        // All versions this library knows are TLS 1.2 or better.
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        let is_any = roots.is_none();
        let roots = Arc::new(roots.unwrap_or_else(RootCertStore::empty));
        let config = if is_any {
            let verifier = Arc::new(AnyCertificate(provider));
            config
                .dangerous()
                .with_custom_certificate_verifier(verifier)
        } else {
            config.with_root_certificates(Arc::clone(&roots))
        };
        let identity = identity.map(Identity::read).transpose()?;
        let config = match &identity {
            Some(identity) => config.with_client_cert_resolver(identity.resolver()),
            None => config.with_no_client_auth(),
        };
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            roots,
            identity,
        })
    }
}

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        self.roots.roots == other.roots.roots && self.identity == other.identity
    }
}

/// The name that is asked for, and verified where anything is, in the handshake with a host. `None` without TLS.
pub(super) fn server_name(
    tls: &Tls,
    next_hop: &NextHop,
) -> Result<Option<ServerName<'static>>, TlsError> {
    let name = match tls {
        Tls::Off => return Ok(None),
        Tls::Opportunistic(_) => None,
        Tls::Verified(verified) => verified.name.as_deref(),
    };
    let name = name.unwrap_or(&next_hop.host);
    match ServerName::try_from(name.to_owned()) {
        Ok(name) => Ok(Some(name)),
        Err(_) => Err(TlsError::Name(name.into())),
    }
}

fn credentials(login: &Login) -> Result<Credentials, TlsError> {
    let file = secret(&login.password_file)?;
    Credentials::new(&login.user, &file).map_err(|reason| TlsError::Password {
        file: login.password_file.clone(),
        reason,
    })
}

/// The system's authorities; one that cannot be used does not keep the others from being trusted.
fn system_authorities() -> Result<RootCertStore, TlsError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let reason = found.errors.first().map(ToString::to_string);
        let reason = reason.unwrap_or_else(|| "none found".into());
        return Err(TlsError::NoSystemAuthorities(reason.into()));
    }
    Ok(roots)
}

/// Takes any certificate, for TLS that only keeps out those who listen. Signatures of the handshake are verified all the same.
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

impl fmt::Debug for AnyCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyCertificate")
    }
}
