//! HTML, rendered to the text a reader sees; what he does not see is a text of its own behind it.
//!
//! The tokens are those of the standard, the rendering is ours: tags inside a line join what they stand between
//! (`<b>11</b>02` is `1102`), blocks break lines, the cells of a table are kept apart by U+0009 and its rows by a line
//! feed. Entities are characters; soft hyphens and zero-width characters stay, for detection to fold.

mod attribute;
mod entity;
mod page;
mod token;

use std::borrow::Cow;

use page::{Finished, Page};
use token::{Token, Tokens};

use crate::extract::{Reading, open};
use crate::mime::{base64, percent_decoded};

/// Reads a page.
pub(super) fn read(text: &str, reading: &mut Reading<'_>) {
    let finished = rendered(text);
    reading.text(finished.shown);
    reading.text(finished.unshown);
    for link in finished.data {
        embedded(&link, reading);
    }
}

fn rendered(text: &str) -> Finished {
    // Browsers show a NUL as nothing.
    let text: Cow<'_, str> = if text.contains('\0') {
        text.replace('\0', "").into()
    } else {
        text.into()
    };
    let mut page = render(&text, Page::new(text.len()));
    // Markup may stand in a comment, as what only some programs are to show does. Once: a comment in it is text.
    for comment in page.take_comments() {
        page.open_comment();
        page = render(&comment, page);
        page.close_comment();
    }
    page.finish()
}

/// Opens what stands in a `data:` link (RFC 2397).
fn embedded(link: &str, reading: &mut Reading<'_>) {
    let Some((head, data)) = link.split_once(',') else {
        return;
    };
    let data = percent_decoded(data.as_bytes());
    let is_base64 = head.trim_end().to_ascii_lowercase().ends_with(";base64");
    let bytes = if is_base64 {
        base64(&data).bytes.into_owned()
    } else {
        data
    };
    let spent = reading
        .budget
        .entry()
        .and_then(|()| reading.budget.decoded(bytes.len() as u64));
    match spent {
        Ok(()) => {
            reading.inner(None, |reading| open(&bytes, reading));
        }
        Err(exhausted) => reading.exhausted(exhausted),
    }
}

fn render(text: &str, mut page: Page) -> Page {
    for token in Tokens::new(text) {
        match token {
            Token::Text(text) => page.text(&text),
            Token::Open(tag) => page.open(&tag),
            Token::Close(name) => page.close(&name),
            Token::Comment(comment) => page.comment(comment),
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(html: &str) -> (String, String) {
        let page = rendered(html);
        let tidy = |draft: crate::extract::Draft| draft.text.trim_matches(['\n', ' ']).to_owned();
        (tidy(page.shown), tidy(page.unshown))
    }

    #[test]
    fn a_page_is_rendered_as_it_is_seen() {
        for (html, expected) in [
            (
                "<p>Cpr <b>11</b>02<span>54</span>-9186</p>",
                "Cpr 110254-9186",
            ),
            ("a&nbsp;b &#48;&#x31; &aring;", "a\u{A0}b 01 å"),
            ("<p>a<p>b<br>c<div>d</div>e", "a\nb\nc\nd\ne"),
            ("a\n  b\t c", "a b c"),
            ("a <b> b</b>", "a b"),
            ("<pre>a\n  b</pre>", "a\n  b"),
            (
                "<table><tr><td>Navn</td><td>Cpr</td></tr><tr><td>A</td><td>1</td></tr></table>",
                "Navn\tCpr\nA\t1",
            ),
            (
                "<table><tr><td>200698<td>0417<tr><td>x</table>y",
                "200698\t0417\nx\ny",
            ),
            (
                "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>",
                "a b\tc",
            ),
            ("<table><tr><td></td><td>x</td></tr></table>", "\tx"),
            ("200<!-- x -->698", "200698"),
            ("2<span style='display:none'>9</span>0", "20"),
            ("<title>T</title>b", "T\nb"),
            ("a<script>var x = '<p>'</script>b", "ab"),
        ] {
            assert_eq!(told(html).0, expected, "{html}");
        }
    }

    #[test]
    fn what_is_not_seen_is_read_too() {
        for (html, expected) in [
            ("<p style='DISPLAY: none'>131043</p>", "131043"),
            ("<p hidden>131043<p>x</p>y</p>z", "131043\nx\ny"),
            ("<!-- note 0408 -->", "note 0408"),
            ("<!--[if mso]><p>0<b>4</b></p><![endif]-->", "04"),
            (
                "<a href='mailto:x@y.example?subject=Cpr%20281189-1102'>x</a>",
                "mailto:x@y.example?subject=Cpr 281189-1102",
            ),
            (
                "<img alt='Cpr 1' title=t src='cid:1@x'>",
                "Cpr 1\nt\ncid:1@x",
            ),
            ("<input value=281189>", "281189"),
            (
                "<td style='color:#010203' bgcolor='#0101901234' width=0101901234>",
                "",
            ),
            ("<script>let cpr = '281189'</script>", "let cpr = '281189'"),
            (
                "<style>p { color: #01019012; } /* 281189 */</style>",
                "p { color: ; } /* 281189 */",
            ),
            (
                "<img src='https://x.example/aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5z?id=7'>",
                "https://x.example/?id=7",
            ),
        ] {
            assert_eq!(told(html).1, expected, "{html}");
        }
    }

    #[test]
    fn deep_and_broken_pages_are_rendered_in_linear_time() {
        for html in [
            "<table><tr><td>".repeat(50_000),
            "<div style=display:none>".repeat(50_000),
            "<!--".repeat(100_000),
            "<a href='".repeat(50_000),
            "&#".repeat(200_000),
            "<script>".repeat(50_000),
        ] {
            let _ = told(&html);
        }
    }
}
