//! TLS toward a next hop.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, io};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::act::stream::Stream;
use crate::act::{NextHop, Tls};

/// How a route's connections are protected, with everything read that it takes.
pub(super) enum TlsClient {
    Off,
    Opportunistic(Client),
    Verified(Client),
}

/// A configured client, and the name it expects.
pub(super) struct Client {
    connector: TlsConnector,
    name: ServerName<'static>,
}

/// Why a route's TLS cannot be set up: the administrator is at fault.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// No name a certificate could be for.
    #[error("`{0}` is neither a host name nor an address, so no certificate can be for it")]
    Name(Box<str>),
    /// The file of authorities cannot be read.
    #[error("{}: the authorities cannot be read: {reason}", .file.display())]
    Authorities {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: Box<str>,
    },
    /// There is no authority to trust, so nothing could ever be verified.
    #[error("{}: no certificate in it", .0.display())]
    NoAuthorities(PathBuf),
    /// This system has no authorities.
    #[error("the system has no trusted authorities ({0}); name a file of them")]
    NoSystemAuthorities(Box<str>),
    /// The TLS library has no use for what it was given.
    #[error(transparent)]
    Unusable(#[from] rustls::Error),
}

impl TlsClient {
    /// Reads what the route's TLS needs. Called once; files changed later are not seen.
    pub(super) fn new(tls: &Tls, next_hop: &NextHop) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        // All versions this library knows are TLS 1.2 or better.
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        match tls {
            Tls::Off => Ok(Self::Off),
            Tls::Opportunistic => {
                let verifier = Arc::new(AnyCertificate(provider));
                let config = config
                    .dangerous()
                    .with_custom_certificate_verifier(verifier);
                let client = Client::new(config.with_no_client_auth(), &next_hop.host)?;
                Ok(Self::Opportunistic(client))
            }
            Tls::Verified { name, authorities } => {
                let roots = match authorities {
                    Some(file) => authorities_in(file)?,
                    None => system_authorities()?,
                };
                let config = config.with_root_certificates(roots).with_no_client_auth();
                Ok(Self::Verified(Client::new(config, name)?))
            }
        }
    }

    /// Whether STARTTLS is used where it is offered.
    pub(super) fn is_wanted(&self) -> bool {
        !matches!(self, Self::Off)
    }

    /// Whether nothing is sent without it.
    pub(super) fn is_required(&self) -> bool {
        matches!(self, Self::Verified(_))
    }

    /// The handshake.
    pub(super) async fn protect(&self, stream: TcpStream) -> io::Result<Stream> {
        match self {
            Self::Off => Ok(Stream::Plain(stream)),
            Self::Opportunistic(client) | Self::Verified(client) => {
                let stream = client.connector.connect(client.name.clone(), stream);
                Ok(Stream::Tls(Box::new(stream.await?)))
            }
        }
    }
}

impl Client {
    fn new(config: ClientConfig, name: &str) -> Result<Self, TlsError> {
        let name =
            ServerName::try_from(name.to_owned()).map_err(|_| TlsError::Name(name.into()))?;
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            name,
        })
    }
}

fn authorities_in(file: &Path) -> Result<RootCertStore, TlsError> {
    let unreadable = |reason: String| TlsError::Authorities {
        file: file.into(),
        reason: reason.into(),
    };
    let pem = std::fs::read(file).map_err(|error| unreadable(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
        let added = roots.add(certificate);
        added.map_err(|error| unreadable(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(TlsError::NoAuthorities(file.into()));
    }
    Ok(roots)
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
