//! What a proxy says of a connection: read as it is asked for, to its last octet and not one further.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sluse::accept::{ProxyHeader, ProxyProgress};
use sluse_fuzz::timely;

fuzz_target!(|octets: &[u8]| {
    timely(|| {
        let Some((header, len)) = told(octets) else {
            return;
        };
        // Whatever stands behind it is the client's.
        let (own, behind) = octets.split_at(len);
        assert_eq!(told(own), Some((header, len)));
        assert_eq!(told(&[own, b"x", behind].concat()), Some((header, len)));
    });
});

/// The header at the beginning, and how long it is.
fn told(octets: &[u8]) -> Option<(ProxyHeader, usize)> {
    let mut asked = 0;
    loop {
        match ProxyHeader::read(octets.get(..asked)?).ok()? {
            ProxyProgress::Done(header) => return Some((header, asked)),
            ProxyProgress::Needs(more) => {
                assert!(more > 0, "it does not end");
                asked += more;
                assert!(asked <= ProxyHeader::MOST, "over the limit");
            }
        }
    }
}
