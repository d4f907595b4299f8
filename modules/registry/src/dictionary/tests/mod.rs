//! Values go in and out unchanged.

mod data;

use jinmen_core::{Date, Locale, Money, Ratio};
use proptest::prelude::*;

use super::*;
use crate::table::UnitHint;

fn key(name: &str) -> &'static FactKey {
    dictionary().get(name).unwrap()
}

fn parse(name: &str, text: &str) -> Value {
    Value::parse(key(name), text).unwrap_or_else(|fault| panic!("{name} {text:?}: {fault:?}"))
}

fn refused(name: &str, text: &str) -> String {
    Value::parse(key(name), text).unwrap_err().code
}

#[test]
fn values_are_read_as_people_type_them() {
    assert_eq!(parse("annual_revenue", "１,２５０．５万元"), Value::Money(Money::from_fen(1_250_500_000)));
    let wan = |text| Value::parse_in(key("annual_revenue"), text, Some(UnitHint::TenThousand)).unwrap();
    assert_eq!(wan("1250.5"), parse("annual_revenue", "12505000"));
    assert_eq!(wan("12505000元"), parse("annual_revenue", "12505000"));
    let thousand = Value::parse_in(key("annual_revenue"), "12505", Some(UnitHint::Thousand)).unwrap();
    assert_eq!(thousand, parse("annual_revenue", "12505000"));
    assert_eq!(parse("headcount", "1,234人"), Value::Integer(1234));
    assert_eq!(parse("headcount", "１２０"), Value::Integer(120));
    assert_eq!(parse("headcount", "120.0"), Value::Integer(120));
    assert_eq!(parse("founded_on", "二〇二一年五月二十日"), Value::Date(Date::new(2021, 5, 20).unwrap()));
    assert_eq!(parse("birth_year", "1985年3月"), Value::Integer(1985));
    assert_eq!(parse("birth_year", "1985"), Value::Integer(1985));
    assert_eq!(parse("rent_area", "1,234.5㎡"), Value::Ratio(Ratio::new(2469, 2).unwrap()));
    for text in ["60%", "60", "0.6", "3/5", "６０％"] {
        assert_eq!(parse("high_tech_income_ratio", text), Value::Ratio(Ratio::new(3, 5).unwrap()), "{text}");
    }
    let half = Value::parse_in(key("high_tech_income_ratio"), "0.5", Some(UnitHint::Percent)).unwrap();
    assert_eq!(half, Value::Ratio(Ratio::new(1, 200).unwrap()));
    for text in ["是", "√", "有", "是（2021年）", "YES", "1"] {
        assert_eq!(parse("is_hnte", text), Value::Boolean(true), "{text}");
    }
    assert_eq!(parse("is_hnte", "否"), Value::Boolean(false));
    assert_eq!(parse("net_profit", "-12.5万元"), Value::Money(Money::from_fen(-12_500_000)));
}

#[test]
fn what_cannot_be_read_or_cannot_be_is_refused_by_its_code() {
    assert_eq!(refused("headcount", "-3"), "registry.value.negative");
    assert_eq!(refused("headcount", "12.5"), "registry.value.integer");
    assert_eq!(refused("headcount", "约120"), "registry.value.integer");
    assert_eq!(refused("headcount", "1,23"), "registry.value.integer");
    assert_eq!(refused("annual_revenue", "很多"), "money.malformed");
    assert_eq!(refused("annual_revenue", "-5"), "registry.value.negative");
    assert_eq!(refused("annual_revenue", "100美元"), "money.currency");
    assert_eq!(refused("founded_on", "2021年5月"), "date.incomplete");
    assert_eq!(refused("founded_on", "2021-02-30"), "date.no_such_day");
    assert_eq!(refused("high_tech_income_ratio", "120%"), "registry.value.too_large");
    assert_eq!(refused("is_hnte", "可能"), "registry.value.boolean");
    assert_eq!(refused("main_business", "  "), "registry.value.empty");
    assert_eq!(refused("work_years", "99"), "registry.value.too_large");
    let today = Date::new(2021, 6, 18).unwrap();
    let fault = key("founded_on").check(&parse("founded_on", "2021-06-19"), today).unwrap_err();
    assert_eq!((fault.code.as_str(), fault.field.as_deref()), ("registry.value.future", Some("founded_on")));
    assert!(key("founded_on").check(&parse("founded_on", "2021-06-18"), today).is_ok());
}

#[test]
fn codes_are_read_by_code_by_name_and_by_both() {
    let code = |name: &str, text: &str| match parse(name, text) {
        Value::Code(code) => code,
        other => panic!("{other:?}"),
    };
    for text in ["120103", "河西区", "天津市河西区", "天津河西区", "河西"] {
        assert_eq!(code("region", text), "120103", "{text}");
    }
    for text in ["6513", "I6513", "应用软件开发", "6513 应用软件开发", "I6513应用软件开发", "应用软件开发(6513)"]
    {
        assert_eq!(code("industry", text), "6513", "{text}");
    }
    assert_eq!(code("education", "本科"), "21");
    assert_eq!(code("education", "硕士研究生"), "14");
    assert_eq!(code("enterprise_size", "小型"), "small");
    assert_eq!(code("srdi_grade", "专精特新“小巨人”企业"), "little_giant");
    assert_eq!(code("unit_nature", "民企"), "private");
    assert_eq!(code("member_grade", "副理事长单位"), "vice_chair");
    assert_eq!(code("registration_status", "存续（在营、开业、在册）"), "active");
    let unknown = Value::parse(key("industry"), "软件和造船").unwrap_err();
    assert_eq!(unknown.code, "registry.value.code_unknown");
    let ambiguous = Value::parse(key("region"), "鼓楼区").unwrap_err();
    assert_eq!(ambiguous.code, "registry.value.code_ambiguous");
    let candidates = &ambiguous.args.iter().find(|(name, _)| name == "candidates").unwrap().1;
    assert_eq!(candidates.split('；').count(), 3, "{candidates}");
    assert_eq!(refused("member_grade", "荣誉会长"), "registry.value.code_unknown");
}

#[test]
fn records_are_read_from_lists_lines_and_json() {
    let names = |value: Value| match value {
        Value::Records(records) => records.iter().map(|record| record["name"].clone()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let three = names(parse("tech_fields", "人工智能、信创；工业软件"));
    assert_eq!(three, ["人工智能", "信创", "工业软件"].map(|text| Value::Text(text.to_owned())));
    let awards = parse("awards", "科技进步二等奖|省部级|2020；优秀软件产品");
    let Value::Records(records) = &awards else { panic!() };
    assert_eq!(records[0]["level"], Value::Code("provincial".to_owned()));
    assert_eq!(records[0]["year"], Value::Integer(2020));
    assert_eq!(records[1].len(), 1);
    assert_eq!(awards.show(key("awards"), Locale::ZhCn), "科技进步二等奖（省部级，2020）；优秀软件产品");
    let lease = parse("leases", r#"[{"address":"河西区演示路1号","area":"1001/2","rent":1200000}]"#);
    let Value::Records(records) = &lease else { panic!() };
    assert_eq!(records[0]["rent"], Value::Money(Money::from_fen(1_200_000)));
    assert_eq!(refused("leases", r#"[{"area":5}]"#), "registry.value.records");
    assert_eq!(refused("awards", "|国家级"), "registry.value.records");
}

#[test]
fn values_are_shown_in_both_languages() {
    let show = |name: &str, text: &str| {
        let value = parse(name, text);
        (value.show(key(name), Locale::ZhCn), value.show(key(name), Locale::En))
    };
    let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    assert_eq!(show("annual_revenue", "12500000"), both("1,250 万元", "CNY 12,500,000"));
    assert_eq!(show("annual_revenue", "250000000"), both("2.5 亿元", "CNY 250,000,000"));
    assert_eq!(show("annual_revenue", "12345678.91"), both("12,345,678.91 元", "CNY 12,345,678.91"));
    assert_eq!(show("headcount", "1234"), both("1,234 人", "1,234 people"));
    assert_eq!(show("founded_on", "2021-05-20"), both("2021年5月20日", "2021-05-20"));
    assert_eq!(show("birth_year", "1985"), both("1985年", "1985"));
    assert_eq!(show("is_hnte", "是"), both("是", "Yes"));
    assert_eq!(show("region", "120103"), both("天津市河西区", "天津市河西区"));
    assert_eq!(show("member_grade", "理事单位"), both("理事单位", "Council unit"));
    assert_eq!(show("high_tech_income_ratio", "7/200"), both("3.5%", "3.5%"));
    assert_eq!(show("rent_area", "1234.5"), both("1,234.5 平方米", "1,234.5 m²"));
}

#[test]
fn a_value_ages_by_the_days_of_its_key() {
    let day = |text| Date::from_iso(text).unwrap();
    let status = key("registration_status");
    assert_eq!(status.freshness(day("2021-01-01"), day("2021-01-02")), Freshness::Fresh(179));
    assert_eq!(status.freshness(day("2020-01-01"), day("2021-01-01")), Freshness::Stale(186));
    assert_eq!(key("founded_on").freshness(day("1999-01-01"), day("2021-01-01")), Freshness::Lasting);
}

/// Any value of any key that can be stored.
fn any_value() -> impl Strategy<Value = (&'static FactKey, Value)> {
    let keys: Vec<&'static FactKey> = dictionary().all().filter(|key| key.kind != FactType::Records).collect();
    (prop::sample::select(keys), any::<u32>(), "[\\p{Han}a-zA-Z0-9|；,\\[\"]{1,20}").prop_map(|(key, number, text)| {
        let codes = |list: &str| {
            let all = dictionary().list(list).unwrap().children(None);
            all[number as usize % all.len()].code.to_owned()
        };
        let value = match key.kind {
            FactType::Money => Value::Money(Money::from_fen(number.into())),
            FactType::Integer if key.is_calendar_year() => Value::Integer(1900 + i64::from(number % 200)),
            FactType::Integer => Value::Integer((number % 80).into()),
            FactType::Ratio => Value::Ratio(Ratio::new((number % 999).into(), 999).unwrap()),
            FactType::Date => Value::Date(Date::new(1990, 1, 1).unwrap().add_days((number % 9_000).into()).unwrap()),
            FactType::Code => Value::Code(codes(key.list.as_deref().unwrap())),
            FactType::Boolean => Value::Boolean(number % 2 == 0),
            FactType::Text | FactType::Records => Value::Text(text),
        };
        (key, value)
    })
}

proptest! {
    #[test]
    fn a_value_comes_back_from_json_and_from_an_export((key, value) in any_value()) {
        prop_assert_eq!(&Value::from_json(key, &value.to_json()).unwrap(), &value);
        prop_assert_eq!(&Value::parse(key, &value.plain(key)).unwrap(), &value, "{} {}", &key.key, value.plain(key));
    }

    #[test]
    fn records_come_back_from_json_and_from_an_export(names in prop::collection::vec("[\\p{Han}a-z|；、,\\[]{1,12}", 1..5), year in 1990_i64..2030) {
        let names: Vec<String> = names.into_iter().filter(|name| name.chars().any(char::is_alphabetic)).collect();
        prop_assume!(!names.is_empty());
        let record = |name: &String| [("name".to_owned(), Value::Text(name.clone())), ("year".to_owned(), Value::Integer(year))].into();
        let value = Value::Records(names.iter().map(record).collect());
        prop_assert_eq!(&Value::from_json(key("awards"), &value.to_json()).unwrap(), &value);
        prop_assert_eq!(&Value::parse(key("awards"), &value.plain(key("awards"))).unwrap(), &value);
    }

    #[test]
    fn no_text_makes_reading_panic(at in 0_usize..126, text in "\\PC{0,60}") {
        let key = dictionary().all().nth(at).unwrap();
        if let Ok(value) = Value::parse(key, &text) {
            value.show(key, Locale::ZhCn);
            prop_assert_eq!(Value::from_json(key, &value.to_json()).unwrap(), value);
        }
        dictionary().by_header(key.subject, &text);
    }
}
