use codes::{Money, MoneyFault, Ratio, Rounding, Unit};
use proptest::prelude::*;

use crate::HOSTILE;

fn fen(text: &str) -> i64 {
    Money::parse(text, Unit::Yuan).unwrap_or_else(|fault| panic!("{text}: {fault}")).fen()
}

fn refused(text: &str) -> &'static str {
    match Money::parse(text, Unit::Yuan) {
        Ok(money) => panic!("{text} read as {money}"),
        Err(fault) => fault.code(),
    }
}

#[test]
fn amounts_are_read_in_every_form_people_write() {
    for (text, expected) in [
        ("12.5万元", 12_500_000),
        ("12.5万", 12_500_000),
        ("1,234.56", 123_456),
        ("￥1 234.56元", 123_456),
        ("¥ 1，234.56", 123_456),
        ("人民币 1,234,567.8 元", 123_456_780),
        ("RMB 100", 10_000),
        ("CNY100.5元整", 10_050),
        ("3亿元", 30_000_000_000),
        ("3亿2000万元", 32_000_000_000),
        ("1.2百万元", 120_000_000),
        ("2千万", 2_000_000_000),
        ("5千元", 500_000),
        ("1.5万亿元", 150_000_000_000_000),
        ("5元3角2分", 532),
        ("5元3角", 530),
        ("5块", 500),
        ("１２．５万元", 12_500_000),
        ("(100.00)", -10_000),
        ("（100.00）", -10_000),
        ("-100", -10_000),
        ("－100元", -10_000),
        ("¥-100", -10_000),
        ("-¥100", -10_000),
        ("(¥100)", -10_000),
        ("负100元", -10_000),
        ("+7", 700),
        ("0", 0),
        ("-0", 0),
        ("007.10", 710),
        ("0.010000000000000000", 1),
        ("0.000001万元", 1),
        ("0.0000000001亿", 1),
    ] {
        assert_eq!(fen(text), expected, "{text}");
    }
}

#[test]
fn a_number_without_a_unit_takes_the_default_and_one_with_a_unit_does_not() {
    let read = |text, unit| Money::parse(text, unit).unwrap().fen();
    assert_eq!(read("12.5", Unit::TenThousand), 12_500_000);
    assert_eq!(read("12.5元", Unit::TenThousand), 1_250);
    assert_eq!(read("1.2", Unit::HundredMillion), 12_000_000_000);
    assert_eq!(read("三", Unit::TenThousand), 3_000_000);
    assert_eq!(read("三元", Unit::TenThousand), 300);
    assert_eq!(read("三万", Unit::TenThousand), 3_000_000);
}

#[test]
fn amounts_in_chinese_words_are_read() {
    for (text, expected) in [
        ("壹拾贰万伍仟元整", 12_500_000),
        ("壹拾贰万伍仟圆正", 12_500_000),
        ("人民币壹仟零壹元零伍分", 100_105),
        ("人民币：壹佰元整", 10_000),
        ("壹拾万柒仟元零伍角叁分", 10_700_053),
        ("壹拾万零柒仟元伍角叁分", 10_700_053),
        ("壹仟陆佰捌拾元叁角贰分", 168_032),
        ("十二万元", 12_000_000),
        ("三万五千元", 3_500_000),
        ("两百元", 20_000),
        ("壹万亿元整", 100_000_000_000_000),
        ("壹億貳仟萬圓整", 12_000_000_000),
        ("零元整", 0),
        ("伍角", 50),
        ("伍分", 5),
        ("零伍分", 5),
        ("负壹元整", -100),
    ] {
        assert_eq!(fen(text), expected, "{text}");
    }
}

#[test]
fn what_could_be_two_amounts_is_refused() {
    for text in [
        "1,23",
        "12,34,567",
        "1 2",
        "1,2345",
        ",123",
        "1.2.3",
        "1.",
        ".5",
        "12 万 5",
        "5万3",
        "3万2亿",
        "1e5",
        "0x10",
        "三万五",
        "三百五元",
        "一千二十元",
        "壹贰元",
        "壹元零",
        "元",
        "万元",
        "三三万",
        "百元",
        "壹仟零零壹元",
        "--5",
        "((5))",
        "-(5)",
        "5%",
        "五元五元",
        "1元2元",
        "3亿元2000万元",
        "12万5千千",
    ] {
        assert_eq!(refused(text), "money.malformed", "{text}");
    }
    for text in HOSTILE {
        assert!(Money::parse(text, Unit::Yuan).is_err(), "{text:?}");
    }
    let huge = "9".repeat(1_000_000);
    assert!(Money::parse(&huge, Unit::Yuan).is_err());
}

#[test]
fn fractions_of_a_fen_other_currencies_and_huge_amounts_have_their_own_faults() {
    assert_eq!(refused("0.001"), "money.fraction_of_fen");
    assert_eq!(refused("12.3456789万元"), "money.fraction_of_fen");
    assert_eq!(refused("1.5分"), "money.fraction_of_fen");
    assert_eq!(refused("0.00000000000000000000000001"), "money.fraction_of_fen");
    assert_eq!(refused("$100"), "money.currency");
    assert_eq!(refused("100美元"), "money.currency");
    assert_eq!(refused("HK$100"), "money.currency");
    assert_eq!(refused("99999999999999999999"), "money.overflow");
    assert_eq!(refused("92233720368547758.08"), "money.overflow");
    assert_eq!(fen("92233720368547758.07"), i64::MAX);
    assert_eq!(fen("-92233720368547758.08"), i64::MIN);
    assert_eq!(refused("999999999999亿元"), "money.overflow");
    let fault = Money::parse("0.001元", Unit::Yuan).unwrap_err();
    assert_eq!(fault, MoneyFault::FractionOfFen { text: "0.001元".to_owned() });
}

/// The examples printed with the rules for bills (支付结算办法, annex 1), in the form this crate
/// chooses where two are allowed, and the usual edges.
#[test]
fn amounts_are_written_in_words_as_the_banking_rules_say() {
    for (fen, words) in [
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元零叁角贰分"),
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (12_500_000, "壹拾贰万伍仟元整"),
        (100_105, "壹仟零壹元零伍分"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (1_000, "壹拾元整"),
        (100_000_000, "壹佰万元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (10_001_000_000, "壹亿零壹万元整"),
        (1_000_100, "壹万零壹元整"),
        (1_010_000, "壹万零壹佰元整"),
        (10_001_000, "壹拾万零壹拾元整"),
        (-100, "负壹元整"),
    ] {
        assert_eq!(Money::from_fen(fen).in_words(), words, "{fen}");
    }
}

#[test]
fn amounts_are_printed_in_yuan_and_in_ten_thousands() {
    let money = Money::from_fen(12_500_000);
    assert_eq!(money.to_yuan_string(), "125000.00");
    assert_eq!(money.to_grouped_string(), "125,000.00");
    assert_eq!(money.to_wan_string(), "12.5");
    assert_eq!(Money::from_fen(-1).to_yuan_string(), "-0.01");
    assert_eq!(Money::from_fen(-1).to_wan_string(), "-0.000001");
    assert_eq!(Money::ZERO.to_wan_string(), "0");
    assert_eq!(Money::from_fen(30).to_unit_string(Unit::Yuan), "0.3");
    assert_eq!(Money::from_wan(123_456).unwrap().to_unit_string(Unit::HundredMillion), "12.3456");
    assert_eq!(Money::MIN.to_grouped_string(), "-92,233,720,368,547,758.08");
    assert_eq!(serde_json::to_string(&money).unwrap(), "12500000");
    assert_eq!(serde_json::from_str::<Money>("12500000").unwrap(), money);
}

#[test]
fn arithmetic_refuses_what_does_not_fit() {
    assert_eq!(Money::MAX.checked_add(Money::from_fen(1)), Err(MoneyFault::Overflow));
    assert_eq!(Money::MIN.checked_neg(), Err(MoneyFault::Overflow));
    assert_eq!(Money::try_sum([Money::MAX, Money::MAX]), Err(MoneyFault::Overflow));
    assert_eq!(Money::try_sum([]), Ok(Money::ZERO));
    assert_eq!(Money::from_wan(i64::MAX), Err(MoneyFault::Overflow));
    let half = Ratio::new(1, 2).unwrap();
    let one_fen = Money::from_fen(1);
    assert_eq!(one_fen.mul_ratio(half, Rounding::HalfUp), Ok(one_fen));
    assert_eq!(one_fen.mul_ratio(half, Rounding::HalfEven), Ok(Money::ZERO));
    assert_eq!(one_fen.div_ratio(Ratio::ZERO, Rounding::Down), Err(MoneyFault::ZeroDivisor));
    assert_eq!(Money::MAX.div_ratio(half, Rounding::Down), Err(MoneyFault::Overflow));
    assert_eq!(one_fen.share_of(Money::ZERO), Err(MoneyFault::ZeroDivisor));
    assert_eq!(one_fen.share_of(Money::from_fen(4)), Ok(Ratio::new(1, 4).unwrap()));
}

fn any_money() -> impl Strategy<Value = Money> {
    prop_oneof![any::<i64>(), -1_000_000_000..1_000_000_000_i64, -1_000..1_000_i64].prop_map(Money::from_fen)
}

proptest! {
    #[test]
    fn everything_printed_reads_back(money in any_money()) {
        for unit in [Unit::Yuan, Unit::TenThousand, Unit::HundredMillion] {
            prop_assert_eq!(Money::parse(&money.to_unit_string(unit), unit), Ok(money));
            let named = format!("{}{}", money.to_unit_string(unit), unit.label_zh());
            prop_assert_eq!(Money::parse(&named, Unit::HundredMillion), Ok(money));
        }
        prop_assert_eq!(Money::parse(&money.to_yuan_string(), Unit::Yuan), Ok(money));
        prop_assert_eq!(Money::parse(&money.to_grouped_string(), Unit::Yuan), Ok(money));
    }

    #[test]
    fn words_read_back(money in any_money()) {
        let words = money.in_words();
        prop_assert_eq!(Money::parse(&words, Unit::TenThousand), Ok(money), "{}", words);
        prop_assert!(!words.contains("零零"));
        prop_assert!(!words.contains("零万") && !words.contains("零亿"));
        prop_assert_eq!(words.ends_with('分'), money.fen() % 10 != 0);
    }

    #[test]
    fn shares_are_those_of_wide_integers(
        money in any_money(), numerator in -1_000..1_000_i64, denominator in 1..1_000_i64,
    ) {
        let ratio = Ratio::new(numerator, denominator).unwrap();
        let exact = i128::from(money.fen()) * i128::from(numerator);
        let denominator = i128::from(denominator);
        let down = money.mul_ratio(ratio, Rounding::Down).map(|m| i128::from(m.fen()));
        let expected = exact / denominator;
        if i64::try_from(expected).is_ok() {
            prop_assert_eq!(down, Ok(expected));
        } else {
            prop_assert_eq!(down, Err(MoneyFault::Overflow));
        }
        if let Ok(near) = money.mul_ratio(ratio, Rounding::HalfUp) {
            let error = (i128::from(near.fen()) * denominator - exact).abs() * 2;
            prop_assert!(error <= denominator);
        }
    }

    #[test]
    fn any_text_at_all_is_answered(
        text in "\\PC*", money in "[-+¥(（]?[0-9零壹贰拾佰仟万亿元角分整., ]{0,24}[)）]?",
    ) {
        let _ = Money::parse(&text, Unit::Yuan);
        let _ = Money::parse(&money, Unit::HundredMillion);
    }
}
