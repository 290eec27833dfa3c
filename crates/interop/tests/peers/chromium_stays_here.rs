//! Whatever a page or a redirect says, Chromium talks to 127.0.0.1 and to nobody else.

use crate::node::{outcome, script};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;

/// The other address is this machine too, which only the test knows: to Chromium it is an address like any other.
#[test]
fn a_redirect_elsewhere_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.2:0").unwrap();
    let page = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", page.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        elsewhere.local_addr().unwrap()
    );
    std::thread::spawn(move || {
        for connection in page.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 4096]);
            let _ = connection.write_all(answer.as_bytes());
        }
    });

    let (ended_well, _, told) = outcome(
        script("browser.mjs").env("RP_URL", url).envs([
            ("USERNAME", "-"),
            ("PASSWORD", "-"),
            ("NAME", "-"),
            ("ONLY", "without scripts"),
        ]),
        "",
    );
    assert!(!ended_well && told.contains("ERR_NAME_NOT_RESOLVED"), "{told}");
    elsewhere.set_nonblocking(true).unwrap();
    assert_eq!(elsewhere.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "nobody came");
}
