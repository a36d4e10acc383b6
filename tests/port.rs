//! Ports for the programs that a test starts.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// A port nobody listens on, and that hardly anybody else is given.
///
/// It is none of those that the system gives to whoever connects somewhere (from 32,768 on, `ip_local_port_range`): between the moment a
/// test asks for a port and the one its program listens there, another test's connection would take it.
pub(crate) fn free_port() -> u16 {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    loop {
        // Tests are processes of their own, and those at the same time have numbers that lie close together.
        let asked = ASKED.fetch_add(1, Ordering::Relaxed);
        assert!(asked < COUNT, "all ports from {FIRST} on are in use");
        let place = process::id().wrapping_mul(EACH).wrapping_add(asked);
        let port = u16::try_from(FIRST + place % COUNT).unwrap();
        match TcpListener::bind(("127.0.0.1", port)) {
            Ok(_) => return port,
            Err(error) => assert_eq!(error.kind(), ErrorKind::AddrInUse, "port {port}"),
        }
    }
}

const FIRST: u32 = 10_000;
const COUNT: u32 = 22_000;

/// The most that a test asks for, or nearly.
const EACH: u32 = 17;
