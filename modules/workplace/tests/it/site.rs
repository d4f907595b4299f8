//! A whole site over a throw-away database, with a directory module that knows three organisations.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::{Arc, RwLock};

use access::{NewAccount, NewGrant};
use async_trait::async_trait;
use axum::Router;
use jinmen_core::{AccountId, Actor, Clock, Count, Object, OrganizationId, Permission, PersonId, Result, Role, Text2};
use module::{
    App, AppParts, Config, Directory, Found, Module, NextStep, Number, Routes, Settings, Story, StoryCard, Visit,
};
use store::{Db, MigrationSet};

pub const PASSWORD: &str = "correct horse battery";

pub const SETS: [MigrationSet; 8] = [
    store::search::MIGRATIONS,
    record::MIGRATIONS,
    jobs::MIGRATIONS,
    files::MIGRATIONS,
    notify::MIGRATIONS,
    access::MIGRATIONS,
    cases::MIGRATIONS,
    module::MIGRATIONS,
];

/// The organisations there are.
pub struct Town {
    pub organizations: Vec<(OrganizationId, Text2)>,
}

pub fn town() -> Arc<Town> {
    let names = [
        ("津门人才双创联盟", "Jinmen Alliance"),
        ("河西区数字经济办公室", "Hexi Digital Economy Office"),
        ("海河智算科技有限公司", "Haihe Computing"),
    ];
    Arc::new(Town { organizations: names.map(|(zh, en)| (OrganizationId::new(), Text2::both(zh, en))).into() })
}

#[async_trait]
impl Module for Town {
    fn name(&self) -> &'static str {
        "town"
    }
    fn messages(&self) -> ui::MessageSource {
        ui::MessageSource {
            module: "town",
            zh: "number-registry-members = 家成员单位\nnumber-town-parks = 个园区\nnumber-town-people = 名人才\ntown-kind = 单位\ntask-town-check = 审核{ $name }的入会申请\nnotice-town-told = 审核结果\nnotice-town-told-text = { $name }的入会申请已通过\ntown-note = 正在读取\ntown-step = 核对本单位档案\ntown-step-why = 还有 3 项待补，补齐后可申报政策。\n",
            en: "number-registry-members = member units\nnumber-town-parks = parks\nnumber-town-people = people\ntown-kind = Organisations\ntask-town-check = Check the application of { $name }\nnotice-town-told = Decision\nnotice-town-told-text = The application of { $name } was accepted\ntown-note = Reading\ntown-step = Check your organisation's file\ntown-step-why = 3 entries are missing; with them policies open up.\n",
        }
    }
    fn permissions(&self) -> &'static [&'static Permission] {
        &[]
    }
    fn routes(&self) -> Routes {
        Routes::new()
    }
    fn notices(&self) -> Vec<notify::NoticeKind> {
        vec![TOLD]
    }
    fn directory(&self) -> Option<Arc<dyn Directory>> {
        Some(Arc::new(Self { organizations: self.organizations.clone() }))
    }
    async fn search(&self, _: &App, _: &Visit, typed: &str) -> Result<Vec<Found>> {
        let found = self.organizations.iter().filter(|(_, name)| name.zh.contains(typed));
        Ok(found
            .map(|(id, name)| Found {
                kind_key: "town-kind".into(),
                title: name.clone(),
                hint: "天津市河西区".into(),
                href: format!("/organizations/{id}"),
            })
            .collect())
    }
    async fn next_steps(&self, _: &App, _: &Visit) -> Result<Vec<NextStep>> {
        Ok(vec![NextStep {
            title_key: "town-step",
            hint_key: "town-step-why",
            href: "/organizations".into(),
            icon: "files",
        }])
    }
    async fn numbers(&self, _: &App, _: &Visit) -> Result<Vec<Number>> {
        let number =
            |key, count| Number { key, count: Count { number: count, capped: false }, href: "/search?q=津门".into() };
        Ok(vec![
            number("number-town-parks", 3),
            number("number-registry-members", 204),
            number("number-town-people", 1280),
        ])
    }
}

pub const TOLD: notify::NoticeKind = notify::NoticeKind::inbox("town.told");

#[async_trait]
impl Directory for Town {
    async fn organizations(&self, _: &App, ids: &[OrganizationId]) -> Result<Vec<(OrganizationId, Text2)>> {
        Ok(self.organizations.iter().filter(|(id, _)| ids.contains(id)).cloned().collect())
    }
    async fn find_organizations(&self, _: &App, typed: &str) -> Result<Vec<(OrganizationId, Text2)>> {
        Ok(self.organizations.iter().filter(|(_, name)| name.zh.contains(typed)).cloned().collect())
    }
    async fn people(&self, _: &App, _: &[PersonId]) -> Result<Vec<(PersonId, Text2)>> {
        Ok(Vec::new())
    }
    async fn new_person(
        &self,
        _: &App,
        _: &mut store::Tx,
        _: &Actor,
        _: &str,
        _: Option<OrganizationId>,
    ) -> Result<PersonId> {
        Ok(PersonId::new())
    }
    fn link(&self, object: &Object) -> Option<String> {
        (object.kind == "organization").then(|| format!("/organizations/{}", object.id))
    }
}

pub struct Site {
    pub app: App,
    pub router: Router,
    pub town: Arc<Town>,
}

impl Drop for Site {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.app.config.dir).ok();
    }
}

impl Site {
    pub fn over(db: Db, settings: Settings, public_url: &str) -> Self {
        let town = town();
        let modules: Vec<Arc<dyn Module>> = vec![workplace::module(), town.clone()];
        let mut messages = vec![ui::MESSAGES, module::MESSAGES];
        messages.extend(modules.iter().map(|module| module.messages()));
        let mounted = module::serve::mount(&modules).unwrap();
        let folder = std::env::temp_dir().join(format!("jinmen-work-{}", AccountId::new()));
        let clock = Clock::system();
        let app = App::new(AppParts {
            config: Config {
                dir: folder.clone(),
                public_url: public_url.into(),
                behind_proxy: false,
                metrics_token: None,
            },
            access: access::Access::new(db.clone(), clock.clone()),
            clock,
            vault: access::Vault::new(&[7; 32]),
            sms: None,
            robots: notify::Robots::new(Default::default()),
            webhooks: notify::Webhooks::new(false),
            files: files::Files::new(Arc::new(files::Folder::new(&folder).unwrap())),
            catalog: Arc::new(ui::Catalog::build(&messages).unwrap()),
            settings: RwLock::new(settings),
            modules,
            routes: mounted.list.clone(),
            openapi: mounted.openapi.clone(),
            db,
        });
        let router = module::serve::router(app.clone(), mounted);
        Self { app, router, town }
    }

    /// An account with roles; its password is [`PASSWORD`].
    pub async fn account(
        &self,
        name: &str,
        display_name: &str,
        roles: &[(Role, Option<usize>)],
    ) -> (AccountId, PersonId) {
        let system = Actor::System("test");
        let person = PersonId::new();
        let new = NewAccount {
            person,
            name: name.into(),
            display_name: display_name.into(),
            password: Some(PASSWORD.into()),
            email: Some("wang.fang@example.cn".into()),
        };
        let mut tx = self.app.db.begin().await.unwrap();
        let account = access::create_account(&self.app.access, &mut tx, &system, new).await.unwrap();
        for (role, organization) in roles {
            let organization = organization.map(|at| self.town.organizations[at].0);
            let grant = NewGrant::new(person, *role, organization);
            access::grant_role(&self.app.access, &mut tx, &system, grant).await.unwrap();
        }
        tx.commit().await.unwrap();
        (account, person)
    }
}

/// Settings of an instance that tells a story.
pub fn told(demo: bool) -> Settings {
    let card = |kind: (&str, &str), title: (&str, &str), by: (&str, &str)| StoryCard {
        kind: Text2::both(kind.0, kind.1),
        title: Text2::both(title.0, title.1),
        by: Text2::both(by.0, by.1),
        text: Text2::both(
            "双方就平台、人才和项目开展长期合作，首批事项在会后六个月内落地。",
            "Long-term cooperation on platforms, people and projects; the first within six months.",
        ),
        search: "津门".into(),
    };
    Settings {
        sponsor: Text2::both("河西区人民政府", "People's Government of Hexi District"),
        operator: Text2::both("津门人才双创联盟秘书处", "Secretariat of the Jinmen Alliance"),
        telephone: "022-12345678".into(),
        address: Text2::both("天津市河西区某路 1 号", "1 Some Road, Hexi District, Tianjin"),
        icp: "津ICP备00000000号".into(),
        demo,
        story: Some(Story {
            title: Text2::both("一次大会，九件事", "One conference, nine things"),
            lead: Text2::both(
                "2021 年，联盟推进大会在河西区举行。每一件事后来怎样了，点开就能看到。",
                "In 2021 the alliance met in Hexi. What became of each thing is one tap away.",
            ),
            place: Text2::both("2021 年 · 天津市河西区", "2021 · Hexi District, Tianjin"),
            cards: (0..9)
                .map(|at| match at % 3 {
                    0 => card(
                        ("致辞", "Speech"),
                        ("联盟成员单位接近 200 家", "The alliance has close to 200 member units"),
                        ("河西区", "Hexi District"),
                    ),
                    1 => card(
                        ("签约", "Signing"),
                        (
                            "与中国新一代人工智能发展战略研究院签署战略合作协议",
                            "Strategic agreement with the AI strategy institute",
                        ),
                        ("联盟", "The alliance"),
                    ),
                    _ => card(
                        ("发布", "Release"),
                        ("京津冀信创人才培训基地", "The Beijing-Tianjin-Hebei xinchuang talent training base"),
                        ("主办方", "The organisers"),
                    ),
                })
                .collect(),
        }),
        ..Settings::default()
    }
}
