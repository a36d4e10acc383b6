//! Messages that show whether a server keeps octets, and what it may add.

/// A header that no server finds lacking.
const HEADER: &str = "From: Mette Holm <meho@kommune.example>\r\n\
                      To: Karen Borger <karen@borger.example>\r\n\
                      Date: Mon, 2 Nov 2026 10:00:00 +0100\r\n\
                      Message-ID: <referat@kommune.example>\r\n";

/// A message of this subject, with this text.
pub(super) fn of(subject: &str, text: &str) -> Vec<u8> {
    format!("{HEADER}Subject: {subject}\r\n\r\n{text}").into_bytes()
}

/// Messages in which nothing is found, each with what it is about.
pub(super) fn clean() -> Vec<(&'static str, Vec<u8>)> {
    let mime = "Referat\r\nMIME-Version: 1.0\r\nContent-Type: ";
    let text = format!("{mime}text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit");
    let attached = format!("{mime}multipart/mixed; boundary=skel");
    let lines = "RGV0IGVyIGV0IHJlZmVyYXQgdWRlbiB0YWwsIG9nIGRldHRlIGVyIGVuIGxpbmplIGFmIGRldA0K\r\n";
    let file = lines.repeat((5 << 20) / lines.len());
    vec![
        ("eight bits", of(&text, "Rødgrød med fløde på Ærø\r\n")),
        (
            "dots",
            of(
                "Punktum",
                ".\r\n..\r\n...\r\n.a\r\n\r\n.\r\n.. .\r\nQUIT\r\n",
            ),
        ),
        (
            "long lines",
            of(
                "Lange linjer",
                &format!("{}\r\nslut\r\n", "langt ord ".repeat(600)),
            ),
        ),
        (
            "blanks and tabs",
            of("Mellemrum", " \t \r\n\r\n\r\n  x  \r\n\t\r\n"),
        ),
        (
            "5 MB attached",
            of(
                &attached,
                &format!(
                    "--skel\r\nContent-Type: text/plain\r\n\r\nSe vedlagt.\r\n--skel\r\n\
                     Content-Type: text/plain; name=referat.txt\r\n\
                     Content-Transfer-Encoding: base64\r\n\r\n{file}--skel--\r\n"
                ),
            ),
        ),
    ]
}

/// Whether a message arrived as it was sent, with nothing but `Received:` fields before it.
pub(super) fn is_as_sent(arrived: &[u8], sent: &[u8]) -> bool {
    let Some(added) = arrived.strip_suffix(sent) else {
        return false;
    };
    let added = String::from_utf8_lossy(added).into_owned();
    let mut fields = added.split_terminator("\r\n");
    fields.all(|line| line.starts_with("Received:") || line.starts_with([' ', '\t']))
}
