use codes::uscc::ALPHABET;
use codes::{Uscc, UsccFault, UsccNote};
use proptest::prelude::*;

use crate::{HOSTILE, csv_rows};

/// GB 32100 read literally: try all 31 characters until the weighted sum is a multiple of 31,
/// with the weights computed as powers of 3.
fn check_by_trying(body: &str) -> char {
    let value = |c: char| ALPHABET.chars().position(|each| each == c).unwrap();
    let sum: usize = body.chars().enumerate().map(|(at, c)| value(c) * (3_usize.pow(at as u32) % 31)).sum();
    let fits: Vec<char> = ALPHABET.chars().filter(|c| (sum + value(*c)).is_multiple_of(31)).collect();
    assert_eq!(fits.len(), 1);
    fits[0]
}

fn body() -> impl Strategy<Value = String> {
    "[1-9AN][1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}"
}

#[test]
fn the_test_vectors_come_out_as_they_say() {
    let rows = csv_rows("vectors.csv");
    let vectors: Vec<_> = rows.iter().filter(|row| row[0] == "uscc").collect();
    assert_eq!(vectors.len(), 9);
    for row in vectors {
        assert_eq!(Uscc::parse(&row[1]).is_ok(), row[2] == "valid", "{row:?}");
    }
}

#[test]
fn a_code_of_a_real_enterprise_has_no_notes_and_its_parts_have_names() {
    let uscc = Uscc::parse("91440300708461136T").unwrap();
    assert_eq!(uscc.notes(), []);
    assert_eq!((uscc.department(), uscc.kind()), ('9', '1'));
    assert_eq!(uscc.department_zh(), Some("工商"));
    assert_eq!(uscc.kind_zh(), Some("企业"));
    assert_eq!(uscc.region_code(), "440300");
    assert_eq!(uscc.organization_code(), "708461136");
}

#[test]
fn spaces_hyphens_case_and_width_do_not_matter() {
    let uscc = Uscc::parse("9144030071526726XG").unwrap();
    for text in [
        " 9144 0300 7152 6726 xg\n",
        "91-440300-71526726-x-g",
        "９１４４０３００７１５２６７２６ＸＧ",
        "9144030071526726\u{200B}XG\u{FEFF}",
        "9144030071526726－xg",
    ] {
        assert_eq!(Uscc::parse(text), Ok(uscc), "{text:?}");
    }
}

#[test]
fn faults_say_where_and_what() {
    assert_eq!(Uscc::parse("9135"), Err(UsccFault::Length { found: 4 }));
    assert_eq!(Uscc::parse("91350100M000100Y4O"), Err(UsccFault::Character { position: 18, found: 'O' }));
    assert_eq!(Uscc::parse("91350100M000100Y44"), Err(UsccFault::Check { expected: '3', found: '4' }));
    assert_eq!(Uscc::parse("9135010😀M000100Y44"), Err(UsccFault::Character { position: 8, found: '😀' }));
    for text in HOSTILE {
        assert!(Uscc::parse(text).is_err(), "{text:?}");
    }
    let huge = "9".repeat(1_000_000);
    assert_eq!(Uscc::parse(&huge), Err(UsccFault::Length { found: 1_000_000 }));
}

#[test]
fn an_invented_demonstration_enterprise_is_valid_but_its_region_does_not_exist() {
    let uscc = Uscc::compose('9', '1', "120199", "MA0DEM01").unwrap();
    assert_eq!(uscc.notes(), [UsccNote::UnknownRegion { region: "120199".to_owned() }]);
    assert_eq!(Uscc::parse(uscc.as_str()), Ok(uscc));
}

#[test]
fn unknown_registrars_and_a_wrong_inner_check_are_only_notes() {
    let unknown = Uscc::compose('Q', '1', "120103", "MA0DEM01").unwrap();
    assert_eq!(unknown.notes(), [UsccNote::UnknownDepartment { department: 'Q' }]);
    let kind = Uscc::compose('9', '8', "120103", "MA0DEM01").unwrap();
    assert_eq!(kind.notes(), [UsccNote::UnknownKind { department: '9', kind: '8' }]);
    // The worked example of the standard has an organisation code that is invented too.
    let body = "91120103MA0DEM011";
    let uscc = Uscc::parse(&format!("{body}{}", check_by_trying(body))).unwrap();
    let noted = |note: &UsccNote| matches!(note, UsccNote::InnerCheck { found: '1', .. });
    assert!(uscc.notes().iter().any(noted), "{:?}", uscc.notes());
}

#[test]
fn bodies_registered_by_the_central_authorities_have_no_region_note() {
    let uscc = Uscc::compose('1', '1', "100000", "00001234").unwrap();
    assert_eq!(uscc.notes(), []);
}

#[test]
fn composing_checks_the_lengths_of_its_parts() {
    assert_eq!(
        Uscc::compose('9', '1', "12010", "MA0DEM01"),
        Err(UsccFault::Part { part: "region", expected: 6, found: 5 })
    );
    assert_eq!(
        Uscc::compose('9', '1', "120103", "MA0DEM0"),
        Err(UsccFault::Part { part: "body", expected: 8, found: 7 })
    );
    assert_eq!(Uscc::compose('9', '1', "120103", "MA0DEM0I"), Err(UsccFault::Character { position: 16, found: 'I' }));
}

#[test]
fn serde_writes_a_string_and_reads_only_valid_codes() {
    let uscc: Uscc = serde_json::from_str("\"91350100m000100y43\"").unwrap();
    assert_eq!(serde_json::to_string(&uscc).unwrap(), "\"91350100M000100Y43\"");
    assert!(serde_json::from_str::<Uscc>("\"91350100M000100Y44\"").is_err());
}

proptest! {
    #[test]
    fn exactly_the_check_character_found_by_trying_is_accepted(body in body()) {
        let right = check_by_trying(&body);
        for check in ALPHABET.chars() {
            let parsed = Uscc::parse(&format!("{body}{check}"));
            if check == right {
                prop_assert!(parsed.is_ok());
            } else {
                prop_assert_eq!(parsed, Err(UsccFault::Check { expected: right, found: check }));
            }
        }
    }

    #[test]
    fn one_wrong_character_or_two_swapped_neighbours_never_pass(
        body in body(), at in 0..17_usize, other in 0..31_usize,
    ) {
        let code = format!("{body}{}", check_by_trying(&body));
        let mut wrong: Vec<char> = code.chars().collect();
        wrong[at] = ALPHABET.chars().nth(other).unwrap();
        let text: String = wrong.iter().collect();
        prop_assert_eq!(Uscc::parse(&text).is_ok(), text == code);
        let mut swapped: Vec<char> = code.chars().collect();
        swapped.swap(at, at + 1);
        let text: String = swapped.iter().collect();
        prop_assert_eq!(Uscc::parse(&text).is_ok(), text == code);
    }

    #[test]
    fn what_is_composed_parses_and_has_a_right_inner_check(
        region in "[0-9]{6}", body in "[0-9A-HJ-NPQRTUWXY]{8}",
    ) {
        let uscc = Uscc::compose('9', '1', &region, &body).unwrap();
        prop_assert_eq!(Uscc::parse(uscc.as_str()), Ok(uscc));
        let inner = uscc.notes().iter().any(|note| matches!(note, UsccNote::InnerCheck { .. }));
        prop_assert!(!inner);
        prop_assert_eq!(&uscc.as_str()[8..16], body);
    }

    #[test]
    fn any_text_at_all_is_answered(text in "\\PC*") {
        let _ = Uscc::parse(&text);
    }
}
