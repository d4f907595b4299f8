use codes::{digital_economy, industry, lists, region};

#[test]
fn every_list_answers_for_its_own_codes() {
    let names: Vec<&str> = lists::all().map(|list| list.name()).collect();
    assert_eq!(names, ["region", "industry", "digital_economy", "enterprise_size", "education", "uscc_registrar"]);
    for list in lists::all() {
        let mut seen = 0;
        let mut level = list.children(None);
        while !level.is_empty() {
            seen += level.len();
            for entry in &level {
                assert_eq!(list.entry(entry.code), Some(*entry));
                assert!(!entry.zh.is_empty(), "{entry:?}");
                assert_eq!(list.search(entry.code, 1)[0].code, entry.code);
            }
            level = level.iter().flat_map(|entry| list.children(Some(entry.code))).collect();
        }
        // Walking down from the top meets every code once.
        assert_eq!(seen, list.len(), "{}", list.name());
        assert!(!list.contains("no such code") && !list.is_empty());
        assert!(list.search("", 10).is_empty() && list.search("软件", 0).is_empty());
    }
    assert!(lists::get("no such list").is_none());
}

#[test]
fn labels_are_found_by_name_of_list_and_code() {
    let label = |list: &str, code: &str| lists::get(list).unwrap().label_zh(code);
    assert_eq!(label("industry", "I6511"), Some("基础软件开发"));
    assert_eq!(label("industry", "J6511"), None);
    assert_eq!(label("enterprise_size", "micro"), Some("微型"));
    assert_eq!(label("education", "11"), Some("博士研究生毕业"));
    assert_eq!(label("uscc_registrar", "91"), Some("企业"));
    assert_eq!(label("uscc_registrar", "9"), Some("工商"));
    assert_eq!(label("region", "120107"), None);
    let regions = lists::get("region").unwrap();
    assert_eq!(regions.full_label_zh("120103").as_deref(), Some("天津市河西区"));
    assert_eq!(regions.parent("120103"), Some("120100"));
    assert_eq!(lists::get("education").unwrap().label_en("11"), Some("Doctoral graduate"));
}

#[test]
fn regions_know_their_place() {
    assert_eq!(region::full_name("120103").unwrap(), "天津市河西区");
    assert_eq!(region::full_name("120103001").unwrap(), "天津市河西区大营门街道");
    assert_eq!(region::full_name("120000").unwrap(), "天津市");
    assert_eq!(region::full_name("429004").unwrap(), "湖北省仙桃市");
    assert_eq!(region::full_name("120221"), None);
    assert_eq!(region::places("120000").len(), 16);
    assert_eq!(region::streets("120103").len(), 14);
    assert_eq!(region::streets("120000").len(), 299);
    assert_eq!(region::streets("110000").len(), 0);
    assert_eq!(region::children(None).len(), 34);
    assert!(region::is_within("120103001", "120000") && region::is_within("120103", "120103"));
    assert!(!region::is_within("120103", "110000") && !region::is_within("nowhere", "nowhere"));
    let above: Vec<&str> = region::ancestors("120103").iter().map(|each| each.code).collect();
    assert_eq!(above, ["120100", "120000"]);
}

#[test]
fn regions_are_found_by_short_and_full_name() {
    let first = |query: &str| region::search(query, 5).first().map(|found| found.code);
    assert_eq!(first("河西区"), Some("120103"));
    assert_eq!(first("天津市河西区"), Some("120103"));
    assert_eq!(first("天津 河西"), Some("120103"));
    assert_eq!(first("１２０１０３"), Some("120103"));
    assert_eq!(first("天津市"), Some("120000"));
    assert_eq!(first("亚特兰蒂斯"), None);
    assert_eq!(region::search("市", 7).len(), 7);
}

#[test]
fn industries_are_found_with_and_without_the_letter() {
    assert_eq!(industry::industry("I6511"), industry::industry("6511"));
    assert_eq!(industry::industry("ｉ６５").unwrap().name_zh, "软件和信息技术服务业");
    assert_eq!(industry::industry("I").unwrap().level, industry::Level::Section);
    for code in ["", "J6511", "II6511", "6511I", "65111", "Z", "I0111"] {
        assert!(industry::industry(code).is_none(), "{code}");
    }
    assert_eq!(industry::industry("6511").unwrap().lettered_code(), "I6511");
    assert_eq!(industry::section_of("6511").unwrap().code, "I");
    assert_eq!(industry::section_of("I").unwrap().code, "I");
    assert_eq!(industry::children(Some("I")).len(), 3);
    assert_eq!(industry::children(None).len(), 20);
    assert!(industry::children(Some("nothing")).is_empty());
    assert!(industry::is_within("I6511", "65") && !industry::is_within("6511", "64"));
}

#[test]
fn a_search_puts_the_whole_name_before_the_beginning_before_the_inside() {
    let names: Vec<&str> = industry::search("软件开发", 10).iter().map(|found| found.name_zh).collect();
    assert_eq!(names[0], "软件开发");
    assert!(names[1..].iter().all(|name| name.contains("软件开发")));
    let found = industry::search("I65", 3);
    assert_eq!(found[0].code, "65");
    let beginnings = industry::search("互联网", 50);
    let inside = beginnings.iter().position(|each| !each.name_zh.starts_with("互联网"));
    if let Some(at) = inside {
        assert!(beginnings[at..].iter().all(|each| !each.name_zh.starts_with("互联网")));
    }
}

#[test]
fn an_industry_knows_its_digital_economy_classes() {
    let of = |code| -> Vec<(&str, bool)> {
        digital_economy::of_industry(code).iter().map(|m| (m.class.code, m.partial)).collect()
    };
    assert_eq!(of("3911"), [("010101", false)]);
    assert_eq!(of("C3911"), of("3911"));
    assert!(of("0111").is_empty() && of("").is_empty() && of("I").is_empty());
    let starred = digital_economy::all().iter().flat_map(|class| &class.industries).find(|part| part.partial).unwrap();
    assert!(of(starred.industry).iter().any(|(_, partial)| *partial));
    assert_eq!(digital_economy::children(None).len(), 5);
    assert_eq!(digital_economy::ancestors("010101").len(), 2);
    assert_eq!(digital_economy::search("智慧农业", 1)[0].code, "0501");
}
