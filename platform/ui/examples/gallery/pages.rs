//! The sample pages.

use askama::Template;
use ui::*;

use crate::samples as s;

type Pages = Vec<(&'static str, String)>;

/// All pages, by file name.
pub fn all(t: &Words) -> askama::Result<Pages> {
    Ok(vec![
        ("portal", PortalPage::new(t).render()?),
        ("desk", DeskPage::new(t).render()?),
        ("list", ListPage::new(t, true).render()?),
        ("empty", ListPage::new(t, false).render()?),
        ("file", FilePage::new(t).render()?),
        ("form", FormPage::new(t, true, false).render()?),
        ("form-large", FormPage::new(t, false, true).render()?),
        ("chart", ChartPage::new(t).render()?),
        ("sign-in", SignInPage::new(t).render()?),
    ])
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "frame/portal.html" %}
{% block hero %}<section class="jm-hero"><p class="jm-hero-kicker">{{ kicker }}</p><h1>{{ frame.title }}</h1><p>{{ text }}</p>
<div class="jm-hero-actions"><a class="btn btn-primary" href="/calls">{{ first }}</a><a class="btn" href="/policies">{{ second }}</a></div>{{ tiles.show() }}</section>{% endblock %}
{% block main %}<section class="jm-block"><h2>{{ agenda }}</h2><div class="jm-cards">{% for card in cards %}{{ card.show() }}{% endfor %}</div></section>{% endblock %}"#
)]
struct PortalPage {
    frame: Frame,
    kicker: String,
    text: String,
    first: String,
    second: String,
    agenda: String,
    tiles: Tiles,
    cards: Vec<Card>,
}

impl PortalPage {
    fn new(t: &Words) -> Self {
        let mut frame = s::frame(t, s::say(t, "数聚河西 智汇津门", "Data gathers in Hexi"), false);
        frame.nav = s::portal_nav(t);
        frame.crumbs.clear();
        frame.flashes.clear();
        Self {
            frame,
            kicker: s::say(t, "2021 联盟推进大会", "The 2021 promotion conference"),
            text: s::say(
                t,
                "近 200 家成员单位，一个园区，一份档案：政策、大赛、人才、培训与空间，都从这里办。",
                "Close to 200 member units, one park, one file: policies, competitions, talent, training and spaces in one place.",
            ),
            first: s::say(t, "大会之后", "After the conference"),
            second: s::say(t, "我能享受哪些政策", "What am I entitled to?"),
            agenda: s::say(t, "大会议程", "The agenda"),
            tiles: s::tiles(t),
            cards: s::cards(t),
        }
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "frame/work.html" %}
{% block main %}{{ tiles.show() }}{{ alert.show() }}<section class="jm-panel"><div class="jm-panel-head"><h2>{{ todo }}</h2><a href="/tasks">{{ all }}</a></div>{{ table.show(frame.t) }}</section>{{ progress.show(frame.t) }}{% endblock %}
{% block aside %}<aside class="jm-aside" aria-label="{{ history }}"><section class="jm-panel"><h2>{{ history }}</h2>{{ timeline.show(frame.t) }}</section></aside>{% endblock %}"#
)]
struct DeskPage {
    frame: Frame,
    tiles: Tiles,
    alert: Alert,
    todo: String,
    all: String,
    table: Table,
    history: String,
    timeline: Timeline,
    progress: Progress,
}

impl DeskPage {
    fn new(t: &Words) -> Self {
        Self {
            frame: s::frame(t, s::say(t, "今日待办", "To do today"), true),
            tiles: s::tiles(t),
            alert: Alert::new(
                Tone::Warning,
                s::say(
                    t,
                    "3 家单位的入会申请将在 2 个工作日内到期。",
                    "Three applications are due within two working days.",
                ),
            )
            .link(Link::new(s::say(t, "去处理", "Deal with them"), "/tasks")),
            todo: s::say(t, "待我处理", "Waiting for me"),
            all: s::say(t, "全部", "All"),
            table: s::tasks(t),
            history: s::say(t, "最近动态", "Lately"),
            timeline: s::timeline(t),
            progress: Progress {
                events: "/jobs/1".into(),
                title: s::say(t, "正在导入 1,204 家单位", "Importing 1,204 organisations"),
                text: "482 / 1,204".into(),
                done: 482,
                total: 1204,
                page: "/work".into(),
                cancel: Some(("/jobs/1/cancel".into(), "token".into())),
                ..Progress::default()
            },
        }
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "frame/work.html" %}
{% block main %}{{ tabs.show(frame.t) }}{{ toolbar.show(frame.t) }}{{ table.show(frame.t) }}{{ pager.show(frame.t) }}{% endblock %}"#
)]
struct ListPage {
    frame: Frame,
    tabs: Tabs,
    toolbar: Toolbar,
    table: Table,
    pager: Pager,
}

impl ListPage {
    fn new(t: &Words, filled: bool) -> Self {
        let mut table = s::members(t);
        let mut pager = Pager {
            previous: None,
            next: Some("?after=x".into()),
            count: Some(jinmen_core::Count { number: 204, capped: false }),
        };
        if !filled {
            table.rows.clear();
            pager = Pager::default();
        }
        Self {
            frame: s::frame(t, s::say(t, "会员单位", "Members"), false),
            tabs: s::tabs(t),
            toolbar: s::toolbar(t),
            table,
            pager,
        }
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "frame/work.html" %}
{% block actions %}<div class="jm-actions"><a class="btn" href="/print">{{ ui::icon("printer") }}{{ print }}</a></div>{% endblock %}
{% block main %}{{ steps.show(frame.t) }}<section class="jm-panel"><h2>{{ basic }}</h2>{{ facts.show(frame.t) }}</section><section class="jm-panel"><h2>{{ related }}</h2>{{ relations.show(frame.t) }}</section>{% endblock %}
{% block aside %}<aside class="jm-aside" aria-label="{{ complete }}"><section class="jm-panel"><h2>{{ complete }}</h2>{{ ring.show(frame.t) }}</section><section class="jm-panel"><h2>{{ history }}</h2>{{ timeline.show(frame.t) }}</section></aside>{% endblock %}"#
)]
struct FilePage {
    frame: Frame,
    print: String,
    basic: String,
    related: String,
    complete: String,
    history: String,
    steps: Steps,
    facts: Facts,
    relations: Relations,
    ring: Ring,
    timeline: Timeline,
}

impl FilePage {
    fn new(t: &Words) -> Self {
        Self {
            frame: s::frame(
                t,
                s::say(t, "天津津数智联科技有限公司", "Tianjin Jinshu Zhilian Technology Co., Ltd."),
                false,
            ),
            print: s::say(t, "打印", "Print"),
            basic: s::say(t, "基本信息", "Basics"),
            related: s::say(t, "关系", "Relations"),
            complete: s::say(t, "档案完整度", "Completeness"),
            history: s::say(t, "经过", "History"),
            steps: s::steps(t),
            facts: s::facts(t),
            relations: s::relations(t),
            ring: Ring { percent: 86 },
            timeline: s::timeline(t),
        }
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "frame/work.html" %}
{% block main %}{{ steps.show(frame.t) }}{{ form.show(frame.t) }}{% endblock %}"#
)]
struct FormPage {
    frame: Frame,
    steps: Steps,
    form: Form,
}

impl FormPage {
    fn new(t: &Words, wrong: bool, large: bool) -> Self {
        let mut frame = s::frame(t, s::say(t, "入会申请", "Application for membership"), false);
        frame.large = large;
        Self { frame, steps: s::steps(t), form: s::form(t, wrong) }
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "frame/work.html" %}
{% block main %}<section class="jm-panel">{{ chart.show(frame.t) }}</section>{% endblock %}
{% block scripts %}{{ ui::Chart::script() }}{% endblock %}"#
)]
struct ChartPage {
    frame: Frame,
    chart: Chart,
}

impl ChartPage {
    fn new(t: &Words) -> Self {
        Self { frame: s::frame(t, s::say(t, "经济运行", "Indicators"), false), chart: s::chart(t) }
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "frame/plain.html" %}
{% block main %}{{ form.show(frame.t) }}{% endblock %}"#
)]
struct SignInPage {
    frame: Frame,
    form: Form,
}

impl SignInPage {
    fn new(t: &Words) -> Self {
        let mut frame = s::frame(t, t.of("ui-sign-in"), false);
        frame.person = None;
        Self { frame, form: s::sign_in(t) }
    }
}
