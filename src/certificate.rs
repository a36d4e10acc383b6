//! Certificates and their keys, read from PEM files and proved to belong together.
//!
//! They are read once, when the program starts or is told to read its configuration again. A pair that is no use is told
//! with its file, what is wrong with it and the way out, and whatever is in use stays.

mod validity;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, io};

use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use zeroize::Zeroizing;

use crate::certificate::validity::not_after;

/// Where a certificate and its key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityFiles {
    /// A PEM file: the own certificate first, then those between it and an authority.
    pub certificate: PathBuf,
    /// A PEM file with the key of the first certificate. Not encrypted, for nobody is there to type a password.
    pub key: PathBuf,
}

/// A certificate with its key, by which we tell others who we are.
#[derive(Clone)]
pub struct Identity(Arc<CertifiedKey>);

/// Why a file of certificates or keys is no use: the administrator is at fault.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// It cannot be read.
    #[error("{}: it cannot be read: {source}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not PEM, or not of certificates.
    #[error("{}: it is no PEM file of what is meant: {reason}", .file.display())]
    NotPem {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: Box<str>,
    },
    /// There is no certificate in it.
    #[error("{}: it holds no certificate", .0.display())]
    NoCertificate(PathBuf),
    /// There is no key in it.
    #[error("{}: it holds no private key", .0.display())]
    NoKey(PathBuf),
    /// The key in it is encrypted.
    #[error("{}: its private key is encrypted", .0.display())]
    EncryptedKey(PathBuf),
    /// The key belongs to another certificate.
    #[error("{}: it is not the key of the first certificate in {}", .key.display(), .certificate.display())]
    Mismatch {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
    /// The TLS library has no use for the key.
    #[error("{}: its key is of a kind that cannot be used: {reason}", .key.display())]
    Unusable {
        /// The file of the key.
        key: PathBuf,
        /// Why.
        reason: Box<str>,
    },
}

impl CertificateError {
    /// What to do.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => {
                "name a file that the user Sluse runs as can read, or let it be read by a group of that user"
            }
            Self::NotPem { .. } => {
                "write it anew, as PEM: `-----BEGIN ...-----`, base64, `-----END ...-----`"
            }
            Self::NoCertificate(_) => "name a PEM file with `-----BEGIN CERTIFICATE-----` in it",
            Self::NoKey(_) => "name a PEM file with `-----BEGIN PRIVATE KEY-----` in it",
            Self::EncryptedKey(_) => {
                "decrypt it, `openssl pkey -in OLD -out NEW`, and let nobody else read the file"
            }
            Self::Mismatch { .. } => {
                "name the key that the certificate was made with; in the file of the certificate, its own stands first"
            }
            Self::Unusable { .. } => {
                "use an RSA key of at least 2048 bits, or one for ECDSA on P-256 or P-384, or Ed25519"
            }
        }
    }

    /// Whether it only could not be read by whoever runs this: another user may.
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Unreadable { source, .. } if source.kind() == io::ErrorKind::PermissionDenied)
    }
}

impl Identity {
    /// Reads a certificate and its key.
    pub fn read(files: &IdentityFiles) -> Result<Self, CertificateError> {
        let chain = certificates(&files.certificate)?;
        let key = key(&files.key)?;
        let pair = CertifiedKey::from_der(chain, key, &ring::default_provider());
        let pair = pair.map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => CertificateError::Mismatch {
                certificate: files.certificate.clone(),
                key: files.key.clone(),
            },
            error => CertificateError::Unusable {
                key: files.key.clone(),
                reason: error.to_string().into(),
            },
        })?;
        Ok(Self(Arc::new(pair)))
    }

    /// For the TLS library.
    pub fn resolver(&self) -> Arc<SingleCertAndKey> {
        Arc::new(SingleCertAndKey::from(CertifiedKey::clone(&self.0)))
    }
}

impl Identity {
    /// When its certificate runs out, in seconds since 1970; `None` where that cannot be read.
    pub fn not_after(&self) -> Option<i64> {
        not_after(self.0.cert.first()?)
    }
}

/// Two are the same when their certificates are: the key is the one that belongs to the first.
impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.0.cert == other.0.cert
    }
}

/// Nothing of the key.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({} certificates)", self.0.cert.len())
    }
}

/// The authorities in a PEM file, all of them of use.
pub fn authorities(file: &Path) -> Result<RootCertStore, CertificateError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file)? {
        let added = roots.add(certificate);
        added.map_err(|error| not_pem(file, error.to_string()))?;
    }
    Ok(roots)
}

/// Whether every user of this machine may read the file. What cannot be looked at is told when it is read.
pub fn is_read_by_all(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|found| found.permissions().mode() & 0o004 != 0)
}

/// The octets of a file that holds a secret, gone from memory when they are dropped.
pub fn secret(file: &Path) -> Result<Zeroizing<Vec<u8>>, CertificateError> {
    read(file).map(Zeroizing::new)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let octets = read(file)?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&octets).collect();
    let certificates = certificates.map_err(|error| not_pem(file, error.to_string()))?;
    if certificates.is_empty() {
        return Err(CertificateError::NoCertificate(file.into()));
    }
    Ok(certificates)
}

fn key(file: &Path) -> Result<PrivateKeyDer<'static>, CertificateError> {
    let octets = secret(file)?;
    match PrivateKeyDer::from_pem_slice(&octets) {
        Ok(key) => Ok(key),
        Err(pem::Error::NoItemsFound) if memchr::memmem::find(&octets, ENCRYPTED).is_some() => {
            Err(CertificateError::EncryptedKey(file.into()))
        }
        Err(pem::Error::NoItemsFound) => Err(CertificateError::NoKey(file.into())),
        // What is wrong may quote the octets, which are secret.
        Err(_) => Err(not_pem(file, "its lines are not PEM".to_owned())),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, CertificateError> {
    std::fs::read(file).map_err(|source| CertificateError::Unreadable {
        file: file.into(),
        source,
    })
}

fn not_pem(file: &Path, reason: String) -> CertificateError {
    CertificateError::NotPem {
        file: file.into(),
        reason: reason.into(),
    }
}

/// How a key begins that needs a password (RFC 7468 section 11).
const ENCRYPTED: &[u8] = b"ENCRYPTED PRIVATE KEY";
