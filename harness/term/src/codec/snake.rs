//! Names of Rust types and variants as atoms.

use super::SerError;
use crate::atom::check_length;
use crate::etf::put;

/// What stands for a variant before its case is changed.
#[inline]
fn spelled<'a>(name: &str, variant: &'a str) -> &'a str {
    if variant == "Err" && name == "Result" {
        "error"
    } else {
        variant
    }
}

/// Whether the name's case is to be changed: names that Rust writes are, those
/// given by a rename are not.
#[inline]
fn is_camel(name: &str) -> bool {
    name.as_bytes().first().is_some_and(u8::is_ascii_uppercase)
}

/// The tag of a variant of the type `name`, or with the same `variant` twice
/// the atom of a unit struct.
pub(crate) fn tag(name: &str, variant: &str) -> String {
    let text = spelled(name, variant);
    let mut tag = String::with_capacity(text.len() + 4);
    for (at, letter) in text.char_indices() {
        if is_camel(text) && letter.is_ascii_uppercase() {
            if at > 0 {
                tag.push('_');
            }
            tag.push(letter.to_ascii_lowercase());
        } else {
            tag.push(letter);
        }
    }
    tag
}

/// Whether `atom` is the tag, found without building the tag.
#[inline]
pub(crate) fn is_tag(name: &str, variant: &str, atom: &str) -> bool {
    let text = spelled(name, variant);
    if !is_camel(text) {
        return text == atom;
    }
    let mut rest = atom.as_bytes();
    for (at, letter) in text.bytes().enumerate() {
        let upper = letter.is_ascii_uppercase();
        if upper && at > 0 {
            match rest {
                [b'_', after @ ..] => rest = after,
                _ => return false,
            }
        }
        match rest {
            [first, after @ ..] if *first == letter.to_ascii_lowercase() => rest = after,
            _ => return false,
        }
    }
    rest.is_empty()
}

/// Writes the tag as an atom.
#[inline]
pub(crate) fn put_tag(name: &str, variant: &str, out: &mut Vec<u8>) -> Result<(), SerError> {
    const SHORT: usize = 127;
    let text = spelled(name, variant);
    if !is_camel(text) {
        return put_name(text, out);
    }
    // Twice as many letters as the name has still fit the short form.
    if text.len() > SHORT {
        return put_name(&tag(name, variant), out);
    }
    let start = out.len();
    out.reserve(2 + 2 * text.len());
    put::atom("", out);
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let word = after.iter().take_while(|b| !b.is_ascii_uppercase()).count();
        out.push(first.to_ascii_lowercase());
        out.extend_from_slice(&after[..word]);
        rest = &after[word..];
        if !rest.is_empty() {
            out.push(b'_');
        }
    }
    out[start + 1] = (out.len() - start - 2) as u8;
    Ok(())
}

/// Writes a name as it is as an atom.
#[inline]
pub(crate) fn put_name(name: &str, out: &mut Vec<u8>) -> Result<(), SerError> {
    check_length(name)?;
    put::atom(name, out);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [(&str, &str); 8] = [
        ("GetAll", "get_all"),
        ("Add", "add"),
        ("HTTPGet", "h_t_t_p_get"),
        ("V2", "v2"),
        ("Añadir", "añadir"),
        ("getAll", "getAll"),
        ("already_snake", "already_snake"),
        ("", ""),
    ];

    #[test]
    fn camel_case_becomes_snake_case_and_other_names_stay() {
        for (name, atom) in NAMES {
            assert_eq!(tag("T", name), atom);
        }
    }

    #[test]
    fn a_written_tag_is_the_tag() {
        let long = "Abc".repeat(60);
        for name in NAMES
            .map(|(name, _)| name)
            .into_iter()
            .chain([long.as_str()])
        {
            let (mut tagged, mut named) = (Vec::new(), Vec::new());
            put_tag("T", name, &mut tagged).unwrap();
            put_name(&tag("T", name), &mut named).unwrap();
            assert_eq!(tagged, named, "{name}");
        }
    }

    #[test]
    fn a_tag_matches_itself_and_nothing_else() {
        for (name, atom) in NAMES {
            for (_, other) in NAMES {
                assert_eq!(is_tag("T", name, other), atom == other, "{name} {other}");
            }
            assert!(!is_tag("T", name, &format!("{atom}x")));
        }
    }

    #[test]
    fn err_is_error_only_in_result() {
        assert_eq!(tag("Result", "Err"), "error");
        assert_eq!(tag("Outcome", "Err"), "err");
        assert!(is_tag("Result", "Err", "error"));
        assert!(!is_tag("Result", "Err", "err"));
    }

    #[test]
    fn a_tag_of_more_than_255_characters_is_refused() {
        assert!(put_tag("T", &"Ab".repeat(128), &mut Vec::new()).is_err());
    }
}
