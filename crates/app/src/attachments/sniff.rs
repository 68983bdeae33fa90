//! What a file is, by its first bytes. What it is called decides nothing but which kind of office file a zip is.

/// A file that is shown in a page: nothing in it runs.
pub const IMAGES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];
/// What is not known.
const OTHER: &str = "application/octet-stream";

/// The media type under which a file is served. Text of any kind, HTML and SVG included, is plain text.
#[must_use]
pub fn media_type(bytes: &[u8], name: &str) -> &'static str {
    let known: [(&[u8], &str); 7] = [
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"\xd0\xcf\x11\xe0", "application/msword"),
    ];
    let found = known.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind);
    match found {
        Some("application/zip") => office(name),
        Some(kind) => kind,
        None if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => "image/webp",
        None if bytes.get(4..8) == Some(b"ftyp") => match bytes.get(8..12) {
            Some(b"heic" | b"heix" | b"mif1") => "image/heic",
            _ => "video/mp4",
        },
        None if !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok() => "text/plain; charset=utf-8",
        None => OTHER,
    }
}

fn office(name: &str) -> &'static str {
    match name.rsplit('.').next().map(str::to_ascii_lowercase).as_deref() {
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("pptx") => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _ => "application/zip",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_is_stands_in_it_not_above_it() {
        assert_eq!(media_type(b"\xff\xd8\xff\xe0..", "page.html"), "image/jpeg");
        for (bytes, name) in [
            (b"<!doctype html><script>x</script>".as_slice(), "photo.jpg"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "photo.svg"),
        ] {
            assert!(media_type(bytes, name).starts_with("text/plain"), "{name}");
        }
        assert_eq!(media_type(b"RIFF\0\0\0\0WEBPVP8 ", "a"), "image/webp");
        assert_eq!(
            media_type(b"PK\x03\x04...", "a.XLSX"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        );
        assert_eq!(media_type(b"\0\x01\x02", "x.png"), OTHER);
    }
}
