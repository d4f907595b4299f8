use jinmen_core::Money;
use ui::form::code_of;
use ui::*;

use crate::zh;

#[test]
fn an_error_stands_once_beside_its_field_and_is_linked_from_the_top() {
    let form = Form::post("/x", "token", "提交").fields_only(vec![
        Field::text("uscc", "代码").error("校验位不对"),
        Field::radio("park", "园区", vec![Choice::new("y", "是")]).error("请选择一项"),
    ]);
    let html = form.show(&zh());
    let html = html.as_str();
    assert_eq!(html.matches("校验位不对").count(), 1);
    assert_eq!(html.matches("请选择一项").count(), 1);
    assert!(html.contains("href=\"#f-uscc\"") && html.contains("id=\"f-uscc\""));
    assert!(
        html.contains("href=\"#f-park-0\"") && html.contains("id=\"f-park-0\""),
        "a group is reached at its first choice"
    );
    assert!(
        html.contains("aria-invalid=\"true\"")
            && html.contains("aria-describedby=\"f-uscc-error\"")
            && html.contains("id=\"f-uscc-error\"")
    );
    assert!(html.contains("有 2 处需要修改"));
}

#[test]
fn questions_sent_under_one_name_each_have_an_id_of_their_own_and_a_label_that_leads_to_it() {
    let form = Form::post("/x", "token", "提交")
        .fields_only(vec![Field::text("clause", "第 1 条"), Field::text("clause", "第 2 条").nth(1).error("请填写")]);
    let html = form.show(&zh());
    let html = html.as_str();
    assert_eq!(html.matches("name=\"clause\"").count(), 2);
    for id in ["f-clause", "f-clause--1"] {
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
        assert_eq!(html.matches(&format!("for=\"{id}\"")).count(), 1, "{id}");
    }
    assert!(html.contains("href=\"#f-clause--1\""), "the summary leads to the one that is wrong");
}

#[test]
fn an_error_of_an_unknown_field_stands_at_the_top() {
    let mut form = Form::post("/x", "token", "提交").fields_only(vec![Field::text("a", "甲")]);
    form.blame(Some("b"), "申报已截止".into());
    assert!(form.has_errors());
    assert_eq!(form.show(&zh()).as_str().matches("申报已截止").count(), 1);
}

#[test]
fn a_form_without_errors_has_no_summary() {
    let html = Form::post("/x", "token", "提交").fields_only(vec![Field::text("a", "甲")]).show(&zh());
    assert!(!html.as_str().contains("jm-summary") && !html.as_str().contains("aria-invalid"));
}

#[test]
fn numbers_bring_up_a_number_keyboard_and_amounts_show_unit_and_words() {
    let t = zh();
    let amount = Money::from_wan(1000).unwrap_or_default();
    let html = Field::money("capital", "注册资本", MoneyUnit::Wan).amount(amount, &t).show(&t);
    for part in ["inputmode=\"decimal\"", "value=\"1000\"", "万元", "壹仟万元整"] {
        assert!(html.as_str().contains(part), "{part} in {html}");
    }
    assert!(Field::integer("n", "人数").show(&t).as_str().contains("inputmode=\"numeric\""));
}

#[test]
fn a_password_is_never_sent_back() {
    let html = Field::new(FieldKind::Password, "password", "密码").value("秘密").show(&zh());
    assert!(!html.as_str().contains("秘密"));
}

#[test]
fn a_sensitive_field_is_kept_out_of_drafts() {
    assert!(Field::text("phone", "手机").sensitive().show(&zh()).as_str().contains("data-undrafted"));
}

#[test]
fn every_upload_says_that_nothing_classified_may_be_entered() {
    assert!(Field::file("scan", "扫描件", ".pdf").show(&zh()).as_str().contains("请勿上传涉密材料"));
}

#[test]
fn a_form_with_a_file_is_sent_in_parts() {
    let html = Form::post("/x", "token", "提交").fields_only(vec![Field::file("scan", "扫描件", ".pdf")]).show(&zh());
    assert!(html.as_str().contains("multipart/form-data"));
}

#[test]
fn what_was_sent_is_filled_in_again() {
    let form = Form::post("/x", "token", "提交")
        .fields_only(vec![Field::checkboxes("a", "甲", vec![Choice::new("1", "一"), Choice::new("2", "二")])])
        .fill(|_| vec!["2"]);
    assert_eq!(form.show(&zh()).as_str().matches("checked").count(), 1);
}

#[test]
fn a_code_is_read_with_or_without_its_label() {
    assert_eq!((code_of("6510 应用软件开发"), code_of(" 6510"), code_of("")), ("6510", "6510", ""));
}

#[test]
fn a_table_without_rows_shows_what_to_do_next() {
    let empty = Empty {
        title: "还没有会员".into(),
        text: String::new(),
        steps: vec![Link::new("导入名单", "/import"), Link::new("新增", "/new"), Link::new("开放申请", "/open")],
    };
    let html = Table { caption: "会员".into(), empty, ..Table::default() }.show(&zh());
    assert!(!html.as_str().contains("<table"));
    for href in ["/import", "/new", "/open"] {
        assert!(html.as_str().contains(&format!("href=\"{href}\"")));
    }
}
