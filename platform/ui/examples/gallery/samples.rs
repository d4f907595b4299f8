//! Invented content for the sample pages.

use jinmen_core::{Date, Instant, Money};
use serde_json::json;
use ui::list::Chip;
use ui::*;

/// Chinese or English.
pub fn say(t: &Words, zh: &str, en: &str) -> String {
    if t.is_chinese() { zh } else { en }.to_owned()
}

fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap_or_else(|_| Instant(0).date())
}

/// A full frame.
pub fn frame(t: &Words, title: String, home: bool) -> Frame {
    let mut frame = Frame::new(t.clone(), title, "/members?q=a&b=1");
    frame.form_token = "token".into();
    frame.person = Some(FramePerson {
        name: say(t, "秘书处 · 李", "Li"),
        account: "li@example.cn".into(),
        hat: say(t, "联盟秘书处 · 秘书", "Alliance secretariat · secretary"),
        hats: vec![
            HatLink {
                id: "1".into(),
                label: say(t, "联盟秘书处 · 秘书", "Alliance secretariat · secretary"),
                current: true,
            },
            HatLink {
                id: "2".into(), label: say(t, "津数智联 · 经办人", "Jinshu Zhilian · clerk"), current: false
            },
        ],
        unread: 3,
    });
    let item = |href: &str, zh: &str, en: &str, icon: &str, active, badge| NavItem {
        href: href.into(),
        label: say(t, zh, en),
        icon: icon.into(),
        active,
        badge,
    };
    frame.nav = vec![
        item("/work", "待办", "To do", "list-check", home, Some(6)),
        item("/members", "会员", "Members", "building-community", !home, None),
        item("/calls", "申报", "Calls", "clipboard-list", false, None),
        item("/spaces", "园区", "Park", "building", false, None),
        item("/insight", "数据", "Insight", "chart-bar", false, None),
    ];
    if !home {
        frame.crumbs = vec![
            Crumb { label: t.of("ui-workplace"), href: "/work".into() },
            Crumb { label: say(t, "会员", "Members"), href: "/members".into() },
        ];
    }
    frame.flashes = vec![Flash {
        kind: Tone::Good,
        text: say(t, "已提醒 23 家未答复的单位。", "23 organisations were reminded."),
    }];
    frame.demo = Some(DemoBar {
        enter_as: vec![
            EnterAs { label: say(t, "秘书处", "Secretariat"), role: "secretary".into() },
            EnterAs { label: say(t, "企业", "Enterprise"), role: "enterprise".into() },
            EnterAs { label: say(t, "园区", "Park"), role: "park".into() },
        ],
    });
    frame.operator = Operator {
        sponsor: say(t, "河西区数字经济主管部门", "Hexi District digital-economy office"),
        operator: say(t, "联盟秘书处", "Alliance secretariat"),
        icp: "津ICP备00000000号".into(),
        police: "津公网安备 00000000000000号".into(),
        telephone: "022-00000000".into(),
        ..Operator::default()
    };
    frame
}

/// The portal's menu.
pub fn portal_nav(t: &Words) -> Vec<NavItem> {
    [
        ("/", "首页", "Home"),
        ("/organizations", "机构", "Organisations"),
        ("/policies", "政策", "Policies"),
        ("/calls", "申报与大赛", "Calls"),
        ("/news", "资讯", "News"),
    ]
    .map(|(href, zh, en)| NavItem {
        href: href.into(),
        label: say(t, zh, en),
        active: href == "/",
        ..NavItem::default()
    })
    .into()
}

/// Figures.
pub fn tiles(t: &Words) -> Tiles {
    let tile = |zh: &str, en: &str, value: &str, note_zh: &str, note_en: &str, tone| Tile {
        label: say(t, zh, en),
        value: value.into(),
        note: say(t, note_zh, note_en),
        href: "/x".into(),
        tone,
        ..Tile::default()
    };
    Tiles(vec![
        tile("成员单位", "Member units", "204", "今年新增 12 家", "12 new this year", Tone::Good),
        tile("已认领档案", "Files claimed", "137", "占 67%", "67 per cent", Tone::Info),
        tile("未答复", "Not answered", "23", "一键提醒", "Remind in one tap", Tone::Warning),
        Tile {
            unit: "%".into(),
            drawing: Spark {
                values: vec![71.0, 74.0, 79.0, 78.0, 83.0, 86.0],
                label: say(t, "近 6 个月：71 到 86", "six months: 71 to 86"),
                ..Spark::default()
            }
            .show(),
            ..tile("园区出租率", "Occupancy", "86", "", "", Tone::Neutral)
        },
    ])
}

/// Agenda cards.
pub fn cards(t: &Words) -> Vec<Card> {
    let card = |zh: &str, en: &str, text: &str, icon: &str, tone, state_zh: &str, state_en: &str| Card {
        kicker: say(t, "签约", "Signing"),
        title: say(t, zh, en),
        text: say(t, text, "What was signed, what became of it, and who is in charge."),
        icon: icon.into(),
        href: "/events/1".into(),
        badge: Some(Badge::new(tone, say(t, state_zh, state_en))),
        particulars: vec![t.date(day(2021, 5, 20)), say(t, "河西区", "Hexi")],
    };
    vec![
        card(
            "战略合作协议：联盟与中关村大数据产业联盟",
            "Strategic cooperation agreement",
            "签了什么、后来怎样、谁负责，一点就看到。",
            "signature",
            Tone::Good,
            "履行中",
            "in force",
        ),
        card(
            "数字出版融合产业园发布",
            "Digital-publishing park",
            "规划与建设情况。",
            "books",
            Tone::Info,
            "建设中",
            "being built",
        ),
        card(
            "信创人才培训基地",
            "Xinchuang training base",
            "京津冀信创人才培训基地揭牌。",
            "school",
            Tone::Warning,
            "待补一项",
            "one item missing",
        ),
    ]
}

/// Tasks.
pub fn tasks(t: &Words) -> Table {
    let due = |on| Cell::Date(day(2026, 11, on));
    Table {
        caption: say(t, "待我处理", "Waiting for me"),
        columns: vec![
            Column::text(say(t, "事项", "Task")),
            Column::text(say(t, "状态", "State")),
            Column::text(say(t, "截止", "Due")),
        ],
        rows: vec![
            Row::link(
                "/t/1",
                vec![
                    Cell::Two(say(t, "审核入会申请", "Check an application"), "MB-2026-0042 · 津数智联".into()),
                    Cell::Badge(Badge::new(Tone::Warning, say(t, "今日到期", "due today"))),
                    due(24),
                ],
            ),
            Row::link(
                "/t/2",
                vec![
                    Cell::Two(say(t, "确认协议文本", "Confirm the text of an agreement"), "AG-2026-0007".into()),
                    Cell::Badge(Badge::new(Tone::Info, say(t, "进行中", "under way"))),
                    due(26),
                ],
            ),
            Row::link(
                "/t/3",
                vec![
                    Cell::Two(say(t, "答复公示异议", "Answer an objection"), "PN-2026-0003".into()),
                    Cell::Badge(Badge::new(Tone::Bad, say(t, "已逾期", "overdue"))),
                    due(20),
                ],
            ),
        ],
        ..Table::default()
    }
}

/// What happened.
pub fn timeline(t: &Words) -> Timeline {
    let moment = |zh: &str, en: &str, tone| Moment {
        title: say(t, zh, en),
        when: "2021-05-20 14:03".into(),
        who: say(t, "联盟秘书处", "Secretariat"),
        tone,
        href: "/m".into(),
        ..Moment::default()
    };
    Timeline {
        moments: vec![
            moment("入会通过", "Admitted", Tone::Good),
            Moment {
                text: say(t, "请补充最近一年的审计报告。", "Please add last year's audit report."),
                ..moment("退回补正", "Returned", Tone::Warning)
            },
            moment("提交申请", "Submitted", Tone::Neutral),
        ],
    }
}

/// Views of a list.
pub fn tabs(t: &Words) -> Tabs {
    Tabs(vec![
        Tab { label: say(t, "全部", "All"), href: "?".into(), active: true, count: Some(204) },
        Tab { label: say(t, "已认领", "Claimed"), href: "?claimed".into(), active: false, count: Some(137) },
        Tab { label: say(t, "未答复", "Not answered"), href: "?silent".into(), active: false, count: Some(23) },
    ])
}

/// Filters and actions.
pub fn toolbar(t: &Words) -> Toolbar {
    Toolbar {
        action: "/members".into(),
        filters: vec![
            Field::new(FieldKind::Search, "q", say(t, "名称", "Name")),
            Field::select(
                "state",
                say(t, "状态", "State"),
                vec![
                    Choice::new("a", say(t, "正式会员", "member")),
                    Choice::new("b", say(t, "审核中", "under review")),
                ],
            )
            .value("b"),
        ],
        more: vec![Field::date("since", say(t, "入会日期不早于", "Member since"))],
        chips: vec![Chip { label: say(t, "状态：审核中", "State: under review"), remove: "/members".into() }],
        clear: "/members".into(),
        exports: Toolbar::exports_of("/members", "state=b"),
        primary: Some(Link::new(say(t, "新增会员", "Add a member"), "/members/new").icon("plus")),
        others: vec![Link::new(say(t, "导入", "Import"), "/members/import").icon("upload")],
    }
}

/// Members.
pub fn members(t: &Words) -> Table {
    let row = |name: &str, badge: (Tone, &str, &str), yuan, phone: &str| {
        Row::link(
            "/members/1",
            vec![
                Cell::Two(name.into(), "91120103MA0000000X".into()),
                Cell::Badge(Badge::new(badge.0, say(t, badge.1, badge.2))),
                Cell::Money(Money::from_yuan(yuan).unwrap_or_default()),
                Cell::Masked {
                    masked: phone.into(),
                    reveal: Some(Reveal { action: "/reveal".into(), token: "token".into() }),
                },
                Cell::Date(day(2021, 5, 20)),
                Cell::Actions(vec![Link::new(say(t, "提醒", "Remind"), "/r"), Link::new(say(t, "编辑", "Edit"), "/e")]),
            ],
        )
    };
    Table {
        caption: say(t, "会员单位", "Members"),
        columns: vec![
            Column::text(say(t, "单位", "Organisation")).sorted("?sort=name", Some(Direction::Up)),
            Column::text(say(t, "状态", "State")),
            Column::number(say(t, "会费", "Dues")).sorted("?sort=dues", None),
            Column::text(say(t, "联系电话", "Telephone")),
            Column::text(say(t, "入会日期", "Since")),
            Column::text(say(t, "操作", "Actions")),
        ],
        rows: vec![
            row("天津津数智联科技有限公司", (Tone::Good, "正式会员", "member"), 20_000, "138****5678"),
            row(
                "天津市河西区海河数字出版产业发展有限责任公司",
                (Tone::Warning, "待缴会费", "dues open"),
                125_000,
                "139****1234",
            ),
            row("新八大里信创软件", (Tone::Info, "审核中", "under review"), 1_234, "137****0001"),
            row("京津冀人才培训中心", (Tone::Neutral, "已退出", "left"), 0, "136****8888"),
        ],
        empty: Empty {
            title: say(t, "还没有会员单位", "No members yet"),
            text: say(
                t,
                "可以先导入已有名单，也可以开放入会申请。",
                "Begin with a list you have, or open applications.",
            ),
            steps: vec![
                Link::new(say(t, "导入名单", "Import a list"), "/i").icon("upload"),
                Link::new(say(t, "开放入会申请", "Open applications"), "/o").icon("clipboard-list"),
                Link::new(say(t, "新增一家", "Add one"), "/n").icon("plus"),
            ],
        },
        ..Table::default()
    }
}

/// Stages.
pub fn steps(t: &Words) -> Steps {
    let step = |zh: &str, en: &str, state| Step::new(say(t, zh, en), state);
    Steps(vec![
        step("提交", "Submitted", StepState::Done).note("5月18日"),
        step("形式审查", "Check", StepState::Done),
        step("联审", "Consultation", StepState::Current),
        step("公示", "Public notice", StepState::Waiting),
        step("入会", "Admission", StepState::Waiting),
    ])
}

/// A file.
pub fn facts(t: &Words) -> Facts {
    Facts {
        lines: vec![
            Fact::from(
                say(t, "统一社会信用代码", "Credit code"),
                "91120103MA0000000X",
                Source::Verified,
                say(t, "市场监管，2021年5月20日", "market regulator, 20 May 2021"),
            ),
            Fact::from(
                say(t, "注册资本", "Capital"),
                t.money(Money::from_wan(1000).unwrap_or_default()),
                Source::Imported,
                "",
            ),
            Fact::from(say(t, "研发费用占比", "R&D share"), "3.50%", Source::Computed, ""),
            Fact::from(say(t, "从业人数", "Employees"), "86", Source::Declared, ""),
            Fact::missing(
                say(t, "高新证书编号", "High-tech certificate"),
                Some(Link::new(say(t, "补充", "Complete"), "/c")),
            ),
            Fact::plain(say(t, "园区", "Park"), say(t, "新八大里数字经济产业创新中心", "Xinbadali innovation centre")),
        ],
        legend: true,
    }
}

/// Neighbours.
pub fn relations(t: &Words) -> Relations {
    let one = |zh: &str, en: &str, relation: &str, relation_en: &str, kind| Neighbour {
        label: say(t, zh, en),
        href: "/o".into(),
        relation: say(t, relation, relation_en),
        kind,
    };
    Relations {
        centre: say(t, "天津津数智联科技有限公司", "Jinshu Zhilian"),
        neighbours: vec![
            one("新八大里创新中心", "Xinbadali centre", "租户", "tenant", 0),
            one("2021 创新创业大赛", "2021 competition", "获奖", "prize", 1),
            one("中关村大数据产业联盟", "Big-data alliance", "签约方", "party", 2),
            one("信创培训基地", "Training base", "学员单位", "trainees", 3),
            one("算力券", "Computing vouchers", "已享受", "received", 4),
            one("联盟", "Alliance", "会员", "member", 0),
        ],
    }
}

/// An application form.
pub fn form(t: &Words, wrong: bool) -> Form {
    let yes_no = || vec![Choice::new("y", t.of("ui-yes")), Choice::new("n", t.of("ui-no"))];
    let mut form = Form::post("/apply", "token", say(t, "提交申请", "Submit"))
        .draft("/drafts/1", Some("14:03".into()))
        .also("then", "preview", say(t, "预览", "Preview"))
        .cancel("/members")
        .irreversible(say(
            t,
            "提交后内容不能修改，如需更正请联系秘书处。",
            "Once submitted, the answers cannot be changed; ask the secretariat for corrections.",
        ))
        .section(
            say(t, "单位信息", "The organisation"),
            say(t, "已从档案带出，请核对。", "Filled from your file; please check."),
            vec![
                Field::text("name", say(t, "单位名称", "Name")).value("天津津数智联科技有限公司").readonly(),
                Field::text("uscc", say(t, "统一社会信用代码", "Unified credit code"))
                    .required()
                    .half()
                    .help(say(t, "18 位，见营业执照", "18 characters, see the licence"))
                    .max_length(18),
                Field::code("industry", say(t, "行业", "Industry"), "industry")
                    .half()
                    .help(say(t, "输入编号或名称", "Type a code or a name"))
                    .value("6510 应用软件开发"),
                Field::money("capital", say(t, "注册资本", "Capital"), MoneyUnit::Wan)
                    .half()
                    .amount(Money::from_wan(1000).unwrap_or_default(), t),
                Field::new(FieldKind::Ratio, "share", say(t, "研发费用占比", "R&D share")).half(),
                Field::integer("staff", say(t, "从业人数", "Employees")).half().required(),
                Field::date("founded", say(t, "成立日期", "Founded")).half(),
            ],
        )
        .section(
            say(t, "联系与意愿", "Contact and wishes"),
            "",
            vec![
                Field::new(FieldKind::Telephone, "phone", say(t, "联系人手机", "Mobile"))
                    .sensitive()
                    .half()
                    .autocomplete("tel"),
                Field::select(
                    "kind",
                    say(t, "会员类别", "Kind"),
                    vec![
                        Choice::new("a", say(t, "理事单位", "council")),
                        Choice::new("b", say(t, "普通会员", "ordinary")),
                    ],
                )
                .half(),
                Field::radio("park", say(t, "是否入驻园区", "In the park?"), yes_no()).required(),
                Field::checkboxes(
                    "topics",
                    say(t, "关注方向", "Interests"),
                    vec![
                        Choice::new("x", say(t, "信创", "Xinchuang")),
                        Choice::new("d", say(t, "大数据", "Big data")).help(say(
                            t,
                            "含数据要素",
                            "with data as an asset",
                        )),
                    ],
                ),
                Field::text_area("about", say(t, "简介", "About")).max_length(500),
                Field {
                    kind: FieldKind::File { accept: ".pdf,image/*".into(), camera: true },
                    ..Field::file("licence", say(t, "盖章扫描件", "Stamped scan"), "")
                },
                Field::checkbox("agree", say(t, "我已阅读章程并同意", "I have read the charter and agree")).required(),
            ],
        );
    if wrong {
        form.blame(
            Some("uscc"),
            say(t, "校验位不对：第 18 位应为 3", "The check character is wrong: the 18th should be 3"),
        );
        form.blame(Some("park"), say(t, "请选择一项", "Please choose"));
    }
    form
}

/// Signing in.
pub fn sign_in(t: &Words) -> Form {
    Form::post("/sign-in", "token", t.of("ui-sign-in")).fields_only(vec![
        Field::text("account", say(t, "手机号或邮箱", "Mobile or e-mail")).required().autocomplete("username"),
        Field::new(FieldKind::Password, "password", say(t, "密码", "Password"))
            .required()
            .autocomplete("current-password"),
        Field::hidden("next", "/work"),
    ])
}

/// A chart.
pub fn chart(t: &Words) -> Chart {
    let months = ["1", "2", "3", "4", "5", "6"];
    Chart {
        title: say(t, "上半年新增会员", "New members, first half"),
        options: json!({"xAxis": {"type": "category", "data": months}, "yAxis": {"type": "value"}, "series": [{"type": "bar", "data": [3, 5, 2, 8, 12, 6]}]}),
        table: Table {
            caption: say(t, "上半年新增会员", "New members"),
            columns: vec![Column::text(say(t, "月份", "Month")), Column::number(say(t, "家", "Members"))],
            rows: months
                .iter()
                .zip([3, 5, 2, 8, 12, 6])
                .map(|(month, n)| Row::plain(vec![Cell::from(*month), Cell::Number(n)]))
                .collect(),
            ..Table::default()
        },
    }
}
