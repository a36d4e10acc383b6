//! Where the text of a group goes, by the control word that opens it.

/// Where text goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination {
    Shown,
    Unshown(&'static str),
    /// Markup of the web page this text was made from.
    Markup,
    /// An embedded object, in digits.
    Object,
    Nowhere,
    Picture,
}

/// The destination a control word opens.
pub(super) fn destination(name: &[u8], starred: bool) -> Option<Destination> {
    match name {
        b"fonttbl"
        | b"colortbl"
        | b"stylesheet"
        | b"themedata"
        | b"colorschememapping"
        | b"datastore"
        | b"latentstyles"
        | b"listtable"
        | b"listoverridetable"
        | b"rsidtbl"
        | b"generator"
        | b"blipuid"
        | b"xmlnstbl"
        | b"mmathPr"
        | b"pgdsctbl"
        | b"panose"
        | b"nonshppict"
        | b"filetbl"
        | b"wgrffmtfilter"
        | b"bkmkend" => Some(Destination::Nowhere),
        b"objdata" => Some(Destination::Object),
        b"pict" => Some(Destination::Picture),
        b"header" | b"headerl" | b"headerr" | b"headerf" => {
            Some(Destination::Unshown("page header"))
        }
        b"footer" | b"footerl" | b"footerr" | b"footerf" => {
            Some(Destination::Unshown("page footer"))
        }
        b"footnote" => Some(Destination::Unshown("footnote")),
        b"annotation" | b"atnauthor" | b"atnid" => Some(Destination::Unshown("comment")),
        b"info" | b"title" | b"subject" | b"author" | b"keywords" | b"doccomm" | b"operator"
        | b"company" | b"manager" | b"category" => Some(Destination::Unshown("properties")),
        b"fldinst" => Some(Destination::Unshown("field")),
        b"htmltag" if starred => Some(Destination::Markup),
        b"mhtmltag" if starred => Some(Destination::Nowhere),
        b"shppict" => None,
        _ if starred => Some(Destination::Unshown("extension")),
        _ => None,
    }
}
