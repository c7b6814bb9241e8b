//! What texts fold to.

use lakehouse_text::{Capitals, fold, fold_char, is_letter, same_text, squeezed};
use proptest::prelude::*;

fn check(text: &str, want: &str) {
    assert_eq!(fold(text), want, "{text} ({})", text.escape_unicode());
}

#[test]
fn case_and_accents_disappear() {
    for (text, want) in [
        ("", ""),
        ("Ana Ruiz", "ana ruiz"),
        ("JOSÉ NÚÑEZ", "jose nunez"),
        ("Jose\u{301} Nu\u{301}n\u{303}ez", "jose nunez"),
        ("Straße STRAẞE", "strasse strasse"),
        ("Łukasz Đorđe Ærø Œuvre", "lukasz dorde aero oeuvre"),
        ("Guðrún Þór Ħal Işık İnci", "gudrun thor hal isik inci"),
        ("Ɓala Ɗan Ƙano Ƴar", "bala dan kano yar"),
        ("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"),
        ("Ёлка", "елка"),
        ("а", "а"),
        ("ﬁﬂ ĳ ™ №", "fifl ij tm no"),
        ("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}"),
        (
            "x\u{AD}y\u{200B}\u{200E}\u{202E}\u{2060}\u{FE0F}\u{E0041}z",
            "xyz",
        ),
        ("a\u{3164}b\u{FFA0}\u{115F}c", "abc"),
        ("a\u{0}\u{1b}b", "a\u{0}\u{1b}b"),
    ] {
        check(text, want);
    }
}

#[test]
fn digits_of_all_scripts_are_ascii_digits() {
    for (text, want) in [
        ("３１３", "313"),
        ("٣١٣ ۳۱۳ ३१३ ৩১৩ ௩௧௩ ๓๑๓", "313 313 313 313 313 313"),
        ("𝟏𝟐𝟑𝟺𝟻𝟼𝟽𝟾𝟿𝟎", "1234567890"),
        ("①⑨⓪ ❶❾ ➀➈ ➊➒ ⓵⓽⓿ 🄋🄌", "190 19 19 19 190 00"),
        ("⑴⒈⑽ ⒑", "(1)1.(10) 10."),
        ("x²³¹ ₀₉", "x231 09"),
        ("½ ⅔", "1/2 2/3"),
        ("1️⃣", "1"),
        ("Ⅷ", "viii"),
        ("\u{E50}\u{E59}\u{1D7FF}\u{1FBF9}", "0999"),
    ] {
        check(text, want);
    }
}

#[test]
fn look_alike_marks_are_one() {
    for dash in "-‐‑‒–—―−﹘﹣－⁃➖⁻₋".chars() {
        check(&dash.to_string(), "-");
    }
    for apostrophe in "'`´‘’‚‛′‵ʹʻʼʽˈˊˋ＇｀‹›❛❜❟ꞌ".chars() {
        check(&apostrophe.to_string(), "'");
    }
    for quote in "\"«»“”„‟″‶❝❞＂ʺ".chars() {
        let folded = fold(&quote.to_string());
        assert!(matches!(&*folded, "\"" | "''"), "{quote} {folded}");
    }
    check("″", "\"");
    check(
        "a\t\n\u{b}\u{c}\r\u{85}\u{a0}\u{2003}\u{2028}\u{202f}\u{3000}\u{2800}b",
        &format!("a{}b", " ".repeat(12)),
    );
    check("＠﹫．․。｡⁄∕…＿", "@@....//..._");
    check("¨", " ");
}

#[test]
fn later_characters_stay() {
    for later in [
        "\u{897}",
        "\u{A7CB}",
        "\u{10D40}",
        "\u{10D6E}",
        "\u{1E030}",
        "\u{1CCF9}",
        "\u{1E6F5}",
    ] {
        check(later, later);
    }
    check("\u{1CCFA}\u{378}", "\u{1CCFA}\u{378}");
}

#[test]
fn texts_are_the_same_after_squeezing() {
    assert_eq!(squeezed("  Ana \u{a0}\n Ruiz\t"), "ana ruiz");
    assert_eq!(squeezed(" \u{200B} "), "");
    for (a, b, want) in [
        ("Beacon Freight", "BEACON\u{a0} Freight ", true),
        ("Seán O’Brien", "Sean O'Brien", true),
        ("Mary‑Kate", "mary-kate", true),
        ("Mary-Kate", "Mary Kate", false),
        ("Ana Ruiz", "AnaRuiz", false),
        ("", " ", true),
    ] {
        assert_eq!(same_text(a, b), want, "{a} / {b}");
    }
}

#[test]
fn capitals_can_stay() {
    let mut kept = String::new();
    for c in "Ｎame ÉA Łß".chars() {
        fold_char(c, Capitals::Kept, &mut |c| kept.push(c));
    }
    assert_eq!(kept, "Name EA lss");
}

#[test]
fn letters_are_those_of_all_scripts() {
    for (c, want) in [
        ('a', true),
        ('Z', true),
        ('ж', true),
        ('王', true),
        ('ק', true),
        ('1', false),
        ('\'', false),
        ('·', false),
        ('•', false),
        ('€', false),
        ('，', false),
        ('🍔', false),
        ('«', false),
        ('。', false),
    ] {
        assert_eq!(is_letter(c), want, "{c}");
    }
}

#[test]
fn every_character_folds_to_one_that_stays() {
    for c in char::MIN..=char::MAX {
        let folded = fold(&c.to_string());
        assert_eq!(fold(&folded), folded, "U+{:04X}", u32::from(c));
    }
}

proptest! {
    #[test]
    fn folding_again_changes_nothing(text in any::<String>()) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded);
        let squeezed_text = squeezed(&text);
        prop_assert_eq!(squeezed(&squeezed_text), squeezed_text);
    }

    #[test]
    fn each_character_folds_alone(a in any::<String>(), b in any::<String>()) {
        prop_assert_eq!(fold(&format!("{a}{b}")), fold(&a) + &fold(&b));
    }
}
