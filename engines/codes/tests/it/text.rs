use codes::text::{fold, half_width};
use proptest::prelude::*;

#[test]
fn widths_brackets_case_and_spaces_fold_together() {
    assert_eq!(fold("ＡＢＣ　（１２３）"), "abc (123)");
    assert_eq!(fold("津西政发【2021】3号"), fold("津西政发〔2021〕3号"));
    assert_eq!(fold(" a \t\n b\u{3000}\u{3000}c "), "a b c");
    assert_eq!(fold("天津\u{200B}市"), "天津市");
    assert_eq!(fold("\0"), "\0");
    assert_eq!(fold(""), "");
}

#[test]
fn the_whole_full_width_row_maps_onto_ascii() {
    for (full, half) in ('\u{FF01}'..='\u{FF5E}').zip('!'..='~') {
        assert_eq!(half_width(full), half);
    }
    assert_eq!(half_width('津'), '津');
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in "[\\PC\\u{3000}-\\u{303F}\\u{FF00}-\\u{FFEF}\\s]*") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn nothing_folded_has_spaces_at_its_ends_or_two_in_a_row(text in "[ab\\s\\u{3000}]*") {
        let folded = fold(&text);
        prop_assert_eq!(folded.trim(), &folded);
        prop_assert!(!folded.contains("  "));
    }
}
