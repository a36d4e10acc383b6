//! TLS toward clients.

use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use rustls::client::danger::HandshakeSignatureValid;
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{WebPkiSupportedAlgorithms, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, ParsedCertificate, WebPkiClientVerifier};
use rustls::{
    CertificateError as Untrusted, DigitallySignedStruct, DistinguishedName, Error, RootCertStore,
    ServerConfig, SignatureScheme,
};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::accept::settings::{Begin, Clients, Tls};
use crate::certificate::{CertificateError, Identity, authorities};

/// The TLS of a listener, made ready: everything it takes was read.
pub(super) struct Server {
    begin: Begin,
    acceptor: TlsAcceptor,
    names: Arc<[ServerName<'static>]>,
}

/// Why a listener's TLS cannot be set up: the administrator is at fault.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is no use.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// No name a certificate could carry.
    #[error("`{0}` is no host name, so no client's certificate can carry it")]
    Name(Box<str>),
    /// The TLS library has no use for what it was given.
    #[error("TLS cannot be set up: {0}")]
    Unusable(Box<str>),
}

/// Why a handshake came to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unprotected {
    #[error("the client did not end the TLS handshake in time")]
    TooSlow,
    #[error("the TLS handshake failed: {0}")]
    Failed(#[from] io::Error),
}

impl Server {
    /// Reads what a listener's TLS needs. Called once; files changed later are not seen.
    pub(super) fn new(tls: &Tls) -> Result<Self, TlsError> {
        let identity = Identity::read(&tls.identity)?;
        let unusable = |error: &dyn fmt::Display| TlsError::Unusable(error.to_string().into());
        // All versions this library knows are TLS 1.2 or better.
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(&error))?;
        let mut names: Arc<[_]> = Arc::default();
        let config = match &tls.clients {
            None => config
                .with_no_client_auth()
                .with_cert_resolver(identity.resolver()),
            Some(clients) => {
                names = named(clients)?;
                let verifier = Known::new(authorities(&clients.authorities)?, Arc::clone(&names))?;
                let mut config = config
                    .with_client_cert_verifier(Arc::new(verifier))
                    .with_cert_resolver(identity.resolver());
                // A session that is taken up again shows no certificate, and one that has run out would go on.
                config.session_storage = Arc::new(NoServerSessionStorage {});
                config.send_tls13_tickets = 0;
                config
            }
        };
        Ok(Self {
            begin: tls.begin,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            names,
        })
    }

    /// When it begins.
    pub(super) fn begin(&self) -> Begin {
        self.begin
    }

    /// The handshake, notes of which are made in the span of the session.
    pub(super) async fn protect(
        &self,
        stream: TcpStream,
        within: Duration,
    ) -> Result<TlsStream<TcpStream>, Unprotected> {
        let handshake = tokio::time::timeout(within, self.acceptor.accept(stream)).await;
        let stream = handshake.map_err(|_| Unprotected::TooSlow)??;
        let (_, connection) = stream.get_ref();
        let span = tracing::Span::current();
        if let Some(version) = connection.protocol_version() {
            span.record("tls", tracing::field::debug(version));
        }
        let shown = connection.peer_certificates().and_then(<[_]>::first);
        if let Some(name) = shown.and_then(|shown| self.name_in(shown)) {
            span.record("certificate", &*name);
        }
        Ok(stream)
    }

    /// The name by which a client is known.
    fn name_in(&self, certificate: &CertificateDer<'_>) -> Option<String> {
        let certificate = ParsedCertificate::try_from(certificate).ok()?;
        let mut names = self.names.iter();
        let name = names.find(|name| verify_server_name(&certificate, name).is_ok())?;
        Some(name.to_str().into_owned())
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({:?})", self.begin)
    }
}

fn named(clients: &Clients) -> Result<Arc<[ServerName<'static>]>, TlsError> {
    let names = clients.names.iter().map(|name| {
        let read = ServerName::try_from(name.to_string());
        read.map_err(|_| TlsError::Name(name.clone()))
    });
    names.collect()
}

/// Takes certificates from some authorities that carry one of some names.
///
/// A certificate for servers alone will do as one for clients: mail servers show the one they have, and public authorities
/// no longer issue any for clients.
#[derive(Debug)]
struct Known {
    authorities: Arc<RootCertStore>,
    names: Arc<[ServerName<'static>]>,
    inner: Arc<dyn ClientCertVerifier>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Known {
    fn new(
        authorities: RootCertStore,
        names: Arc<[ServerName<'static>]>,
    ) -> Result<Self, TlsError> {
        let authorities = Arc::new(authorities);
        let provider = Arc::new(ring::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let inner = WebPkiClientVerifier::builder_with_provider(Arc::clone(&authorities), provider);
        let inner = inner.build();
        let inner = inner.map_err(|error| TlsError::Unusable(error.to_string().into()))?;
        Ok(Self {
            authorities,
            names,
            inner,
            algorithms,
        })
    }
}

impl ClientCertVerifier for Known {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let as_client = self
            .inner
            .verify_client_cert(end_entity, intermediates, now);
        if let Err(error) = as_client {
            verify_server_cert_signed_by_trust_anchor(
                &certificate,
                &self.authorities,
                intermediates,
                now,
                self.algorithms.all,
            )
            .map_err(|_| error)?;
        }
        let mut refused = Error::InvalidCertificate(Untrusted::ApplicationVerificationFailure);
        for name in &*self.names {
            match verify_server_name(&certificate, name) {
                Ok(()) => return Ok(ClientCertVerified::assertion()),
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
