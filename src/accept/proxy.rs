//! The header by which a proxy tells whose connection it hands over: the PROXY protocol of HAProxy, versions 1 and 2.
//!
//! It is read to its last octet and not one further, for what stands behind it may be the client's TLS. Which version it is
//! the header tells; whether there is one is never guessed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a proxy says of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyHeader {
    /// It is a client's, who connected from this address.
    Client(IpAddr),
    /// It is the proxy's own, to see whether we are there; or it does not know whose. Whoever is at the other end is the client.
    Proxy,
}

/// How far a header was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyProgress {
    /// This many octets more are part of it, or the connection is no use; at least 1.
    Needs(usize),
    /// This was all.
    Done(ProxyHeader),
}

/// Why a header is none: the proxy is at fault, or it is no proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// It begins otherwise.
    #[error("there is no PROXY header")]
    Missing,
    /// It is longer than any may be.
    #[error("the PROXY header is too long")]
    TooLong,
    /// It does not follow the specification.
    #[error("the PROXY header is garbled")]
    Garbled,
}

impl ProxyHeader {
    /// The most octets of a header that are read. Version 1 has at most 107; version 2 may have 64 KiB, of which the certificate of a
    /// client is a few hundred. A longer one closes the connection.
    pub const MOST: usize = 4096;

    /// Reads what has come of a header so far: exactly as much as was asked for, beginning with nothing.
    pub fn read(octets: &[u8]) -> Result<ProxyProgress, ProxyError> {
        if octets.starts_with(SIGNATURE) {
            return version_2(octets);
        }
        let begins = |with: &[u8]| octets.iter().zip(with).all(|(octet, with)| octet == with);
        if begins(SIGNATURE) || begins(b"PROXY ") {
            version_1(octets)
        } else {
            Err(ProxyError::Missing)
        }
    }
}

/// How version 2 begins.
const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";

/// The most octets of version 1, its line ending included.
const MOST_1: usize = 107;

fn version_1(octets: &[u8]) -> Result<ProxyProgress, ProxyError> {
    let missing = SIGNATURE.len().saturating_sub(octets.len());
    if missing > 0 {
        // The shortest header of either version is longer.
        return Ok(ProxyProgress::Needs(missing));
    }
    if !octets.ends_with(b"\n") {
        return if octets.len() < MOST_1 {
            Ok(ProxyProgress::Needs(1))
        } else {
            Err(ProxyError::TooLong)
        };
    }
    let line = octets.strip_suffix(b"\r\n").ok_or(ProxyError::Garbled)?;
    let line = str::from_utf8(line).map_err(|_| ProxyError::Garbled)?;
    let mut words = line.split(' ').skip(1);
    let mut word = || words.next().ok_or(ProxyError::Garbled);
    let family = word()?;
    if family == "UNKNOWN" {
        return Ok(ProxyProgress::Done(ProxyHeader::Proxy));
    }
    let (source, destination) = (word()?, word()?);
    let (source, _): (IpAddr, IpAddr) = match family {
        "TCP4" => (
            address::<Ipv4Addr>(source)?,
            address::<Ipv4Addr>(destination)?,
        ),
        "TCP6" => (
            address::<Ipv6Addr>(source)?,
            address::<Ipv6Addr>(destination)?,
        ),
        _ => return Err(ProxyError::Garbled),
    };
    for _ in 0..2 {
        port(word()?)?;
    }
    if words.next().is_some() {
        return Err(ProxyError::Garbled);
    }
    Ok(ProxyProgress::Done(ProxyHeader::Client(source)))
}

fn address<T: std::str::FromStr + Into<IpAddr>>(text: &str) -> Result<IpAddr, ProxyError> {
    let read = text.parse::<T>().map_err(|_| ProxyError::Garbled)?;
    Ok(read.into())
}

/// A port as it must be written: no sign, no zero in front.
fn port(text: &str) -> Result<(), ProxyError> {
    let read = text.parse::<u16>().map_err(|_| ProxyError::Garbled)?;
    if read.to_string() == text {
        Ok(())
    } else {
        Err(ProxyError::Garbled)
    }
}

fn version_2(octets: &[u8]) -> Result<ProxyProgress, ProxyError> {
    let Some((_, rest)) = octets.split_at_checked(SIGNATURE.len()) else {
        return Err(ProxyError::Missing);
    };
    let Some((&[kind, family, high, low], rest)) = rest.split_first_chunk::<4>() else {
        return Ok(ProxyProgress::Needs(4 - rest.len()));
    };
    let long = usize::from(u16::from_be_bytes([high, low]));
    if SIGNATURE.len() + 4 + long > ProxyHeader::MOST {
        return Err(ProxyError::TooLong);
    }
    let missing = long.checked_sub(rest.len()).ok_or(ProxyError::Garbled)?;
    if missing > 0 {
        return Ok(ProxyProgress::Needs(missing));
    }
    let header = match kind {
        0x20 => ProxyHeader::Proxy,
        0x21 => match family {
            // Both addresses, then both ports; what stands behind them we do not need.
            0x11 => ProxyHeader::Client(source::<4, 12>(rest)?),
            0x21 => ProxyHeader::Client(source::<16, 36>(rest)?),
            0x00 => ProxyHeader::Proxy,
            // Datagrams, and sockets of the file system: no mail comes by them.
            _ => return Err(ProxyError::Garbled),
        },
        _ => return Err(ProxyError::Garbled),
    };
    Ok(ProxyProgress::Done(header))
}

/// The first address, of `N` octets, of a block of at least `BLOCK`.
fn source<const N: usize, const BLOCK: usize>(rest: &[u8]) -> Result<IpAddr, ProxyError>
where
    IpAddr: From<[u8; N]>,
{
    let block = rest.first_chunk::<BLOCK>().ok_or(ProxyError::Garbled)?;
    let source = block.first_chunk::<N>().ok_or(ProxyError::Garbled)?;
    Ok(IpAddr::from(*source))
}
