use ui::list::Chip;
use ui::*;

use crate::zh;

/// Markup, both quotes, an attribute's end, right-to-left marks, an emoji made of several, a very long word.
const NASTY: &str = "<script>alert(1)</script>\" onload='x' '>{{ t }}&amp;\u{202e}abc\u{2066} 👩‍👩‍👧‍👦 يبهعغ";

fn nasty() -> String {
    NASTY.to_owned()
}

fn harmless(name: &str, html: &Html) {
    let text = html.as_str();
    assert!(!text.contains("<script"), "{name} lets a script through: {text}");
    assert!(!text.contains("\" onload="), "{name} lets an attribute through: {text}");
    assert!(!text.contains("'>{{"), "{name} lets a quote through: {text}");
    assert!(text.contains("👩‍👩‍👧‍👦"), "{name} loses what was said: {text}");
}

#[test]
fn what_people_type_is_shown_harmlessly_in_every_field_of_a_form() {
    let t = zh();
    let options = || vec![Choice::new(nasty(), nasty()).help(nasty())];
    let kinds = [
        FieldKind::Text,
        FieldKind::TextArea,
        FieldKind::Email,
        FieldKind::Telephone,
        FieldKind::Integer,
        FieldKind::Money(MoneyUnit::Wan),
        FieldKind::Ratio,
        FieldKind::Date,
        FieldKind::Select,
        FieldKind::Radio,
        FieldKind::Checkbox,
        FieldKind::CheckboxGroup,
        FieldKind::Code { list: nasty() },
        FieldKind::File { accept: nasty(), camera: true },
        FieldKind::Hidden,
        FieldKind::Search,
        FieldKind::Password,
    ];
    for kind in kinds {
        let label = format!("{kind:?}");
        let field = Field { options: options(), ..Field::new(kind, nasty(), nasty()) }
            .value(nasty())
            .help(nasty())
            .note(nasty())
            .error(nasty())
            .autocomplete(nasty());
        harmless(&label, &field.show(&t));
        let form = Form::post(nasty(), nasty(), nasty())
            .id(nasty())
            .draft(nasty(), Some(nasty()))
            .also(nasty(), nasty(), nasty())
            .cancel(nasty())
            .irreversible(nasty())
            .section(nasty(), nasty(), vec![field]);
        harmless(&label, &form.show(&t));
    }
}

#[test]
fn what_people_type_is_shown_harmlessly_in_lists_and_tables() {
    let t = zh();
    let link = || Link::new(nasty(), nasty()).icon(nasty());
    let cells = vec![
        Cell::Text(nasty()),
        Cell::Two(nasty(), nasty()),
        Cell::Link(link()),
        Cell::Badge(Badge::new(Tone::Bad, nasty())),
        Cell::Masked { masked: nasty(), reveal: Some(Reveal { action: nasty(), token: nasty() }) },
        Cell::Sourced(nasty(), SourceDot::new(Source::Verified, nasty())),
        Cell::Actions(vec![link()]),
    ];
    let columns = cells.iter().map(|_| Column::text(nasty()).sorted(nasty(), Some(Direction::Up))).collect();
    harmless(
        "table",
        &Table { caption: nasty(), columns, rows: vec![Row::link(nasty(), cells)], ..Table::default() }.show(&t),
    );
    harmless("empty", &Empty { title: nasty(), text: nasty(), steps: vec![link()] }.show(&t));
    let toolbar = Toolbar {
        action: nasty(),
        filters: vec![Field::text(nasty(), nasty())],
        chips: vec![Chip { label: nasty(), remove: nasty() }],
        clear: nasty(),
        exports: vec![link()],
        primary: Some(link()),
        others: vec![link()],
        more: vec![],
    };
    harmless("toolbar", &toolbar.show(&t));
}

#[test]
fn what_people_type_is_shown_harmlessly_in_the_other_parts() {
    let t = zh();
    let link = || Link::new(nasty(), nasty());
    harmless("alert", &Alert::new(Tone::Good, nasty()).title(nasty()).link(link()).show());
    harmless(
        "card",
        &Card {
            title: nasty(),
            href: nasty(),
            kicker: nasty(),
            text: nasty(),
            particulars: vec![nasty()],
            icon: nasty(),
            badge: Some(Badge::new(Tone::Info, nasty())),
        }
        .show(),
    );
    harmless(
        "tiles",
        &Tiles(vec![Tile {
            label: nasty(),
            value: nasty(),
            unit: nasty(),
            href: nasty(),
            note: nasty(),
            ..Tile::default()
        }])
        .show(),
    );
    harmless("tabs", &Tabs(vec![Tab { label: nasty(), href: nasty(), active: true, count: Some(1) }]).show(&t));
    harmless(
        "facts",
        &Facts { lines: vec![Fact::from(nasty(), nasty(), Source::Declared, nasty()).action(link())], legend: true }
            .show(&t),
    );
    harmless(
        "timeline",
        &Timeline {
            moments: vec![Moment {
                when: nasty(),
                title: nasty(),
                who: nasty(),
                text: nasty(),
                href: nasty(),
                icon: nasty(),
                tone: Tone::Info,
            }],
        }
        .show(&t),
    );
    harmless(
        "steps",
        &Steps(vec![Step { label: nasty(), href: Some(nasty()), state: StepState::Current, note: nasty() }]).show(&t),
    );
    harmless("spark", &Spark { values: vec![1.0, f64::NAN, 2.0], label: nasty(), kind: SparkKind::Bars }.show());
    harmless(
        "relations",
        &Relations {
            centre: nasty(),
            neighbours: vec![Neighbour { label: nasty(), href: nasty(), relation: nasty(), kind: 9 }],
        }
        .show(&t),
    );
    let chart = Chart {
        title: nasty(),
        options: serde_json::json!({ "a": nasty() }),
        table: Table { empty: Empty { title: nasty(), ..Empty::default() }, ..Table::default() },
    };
    harmless("chart", &chart.show(&t));
    harmless(
        "progress",
        &Progress {
            events: nasty(),
            title: nasty(),
            text: nasty(),
            result: Some(link()),
            cancel: Some((nasty(), nasty())),
            page: nasty(),
            ..Progress::default()
        }
        .show(&t),
    );
    harmless("text", &Html::text(NASTY));
}

#[test]
fn an_icon_name_cannot_leave_its_attribute() {
    assert!(!ui::icon("x\"><b>").as_str().contains("<b>"));
}

#[test]
fn an_address_that_returns_is_one_part_of_a_query() {
    let frame = Frame::new(zh(), "x", "/members?q=a&b=\"1\"#c 会");
    assert_eq!(frame.other_language(), "/language/en?next=/members%3Fq%3Da%26b%3D%221%22%23c%20%E4%BC%9A");
}
