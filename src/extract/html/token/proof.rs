//! Our tokens are those of html5ever, whatever the text.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    self, BufferQueue, TagKind, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use proptest::prelude::*;

use super::*;

/// Tokens told in one text, comments left out.
fn ours(html: &str) -> String {
    let mut told = String::new();
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => told.push_str(&text),
            Token::Open(tag) => {
                told.push_str(&format!("[{}", tag.name));
                let mut seen = Vec::new();
                for attribute in &tag.attributes {
                    // The standard keeps the first of one name; we keep all.
                    if !seen.contains(&&attribute.name) {
                        told.push_str(&format!(" {}={}", attribute.name, attribute.value));
                        seen.push(&attribute.name);
                    }
                }
                told.push_str(if tag.self_closing { "/]" } else { "]" });
            }
            Token::Close(name) => told.push_str(&format!("[/{name}]")),
            Token::Comment(_) => {}
        }
    }
    told
}

struct Sink(RefCell<String>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: tokenizer::Token, _line: u64) -> TokenSinkResult<()> {
        let mut told = self.0.borrow_mut();
        match token {
            tokenizer::Token::CharacterTokens(text) => told.push_str(&text),
            tokenizer::Token::TagToken(tag) if tag.kind == TagKind::EndTag => {
                told.push_str(&format!("[/{}]", tag.name));
            }
            tokenizer::Token::TagToken(tag) => {
                told.push_str(&format!("[{}", tag.name));
                for attribute in &tag.attrs {
                    told.push_str(&format!(" {}={}", attribute.name.local, attribute.value));
                }
                told.push_str(if tag.self_closing { "/]" } else { "]" });
                if !tag.self_closing {
                    match &*tag.name {
                        "style" | "xmp" => return TokenSinkResult::RawData(RawKind::Rawtext),
                        "title" | "textarea" => {
                            return TokenSinkResult::RawData(RawKind::Rcdata);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn theirs(html: &str) -> String {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(Sink(RefCell::default()), TokenizerOpts::default());
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

const PIECES: &[&str] = &[
    "<",
    ">",
    "</",
    "/",
    "/>",
    "<b",
    "<B>",
    "</b>",
    "<p class=x",
    " ",
    "a",
    "1",
    "=",
    "'",
    "\"",
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<!--->",
    "-",
    "<!",
    "<?x",
    "&",
    "&amp;",
    "&amp",
    "&copy",
    "&notit;",
    "&#49;",
    "&#x31",
    "&#",
    "&#x",
    "&#128;",
    "&#0;",
    "&#x110000;",
    "&nosuch;",
    "&AElig",
    ";",
    "<style>",
    "</style>",
    "</STYLE ",
    "<title>",
    "</title>",
    "<textarea x>",
    "</textarea>",
    "<xmp>",
    "</xmp>",
    "\n",
    "é",
    "\u{c}",
    "<1",
    "href",
    "x=y",
    "<a href=",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tokens_are_those_of_html5ever(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..25)) {
        let html = pieces.concat();
        prop_assert_eq!(ours(&html), theirs(&html), "{:?}", html);
    }
}

#[test]
fn nothing_is_dropped_where_the_text_ends_in_markup() {
    for html in [
        "<a href='310290",
        "<a 310290",
        "<!doctype 310290>",
        "<?x 310290",
        "<!--310290",
        "</a 310290",
    ] {
        let tokens: Vec<_> = Tokens::new(html).collect();
        assert!(
            matches!(tokens.as_slice(), [Token::Comment(comment)] if comment.contains("310290")),
            "{html}: {tokens:?}"
        );
    }
}
