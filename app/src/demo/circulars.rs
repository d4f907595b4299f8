//! What the secretariat told the members this year, who has read it and who has answered.

use jinmen_core::{Actor, Result};
use notices::model::{Asks, CircularDraft, CircularId, QuestionDraft, Typed};
use notices::ops::audience::Audience;
use notices::ops::{answer, read, remind, send};

use super::maker::Maker;
use super::members::Member;

const ALL: &str = "全部会员单位";

/// Sends four circulars, each at its stage: read only, half answered, being reported, closed.
pub async fn fill(maker: &Maker, members: &[Member], by: &Actor) -> Result<()> {
    let acting: Vec<(&Member, &Actor)> =
        members.iter().filter_map(|member| member.admin.as_ref().map(|admin| (member, admin))).collect();
    closed(maker, &acting, by).await?;
    reported(maker, &acting, by).await?;
    meeting(maker, &acting, by).await?;
    let id = send(maker, by, 4, read_only()).await?;
    for (_, admin) in acting.iter().skip(1).step_by(2) {
        read::open(&maker.app, admin, id).await?;
    }
    Ok(())
}

async fn send(maker: &Maker, by: &Actor, days: i64, draft: CircularDraft) -> Result<CircularId> {
    maker.stand(days, 40)?;
    send::send(&maker.app, by, &draft, &Audience::Members, ALL).await
}

fn read_only() -> CircularDraft {
    CircularDraft {
        title: "关于联盟秘书处受理时间的通知".into(),
        body: "线上事项随时受理，现场业务请提前一天电话预约。\n\n遇到系统问题请拨打页面下方的服务电话。".into(),
        ..CircularDraft::default()
    }
}

fn question(label: &str, kind: &str, options: &str) -> QuestionDraft {
    QuestionDraft { label: label.into(), kind: kind.into(), options: options.into(), optional: false }
}

async fn meeting(maker: &Maker, acting: &[(&Member, &Actor)], by: &Actor) -> Result<()> {
    let draft = CircularDraft {
        title: "关于召开联盟会员大会的通知".into(),
        body:
            "定于本月下旬召开会员大会，审议年度工作报告和新会员名单。\n\n每家单位限两人，请确认是否参会，并填写联系人。"
                .into(),
        asks: Asks::Answers,
        questions: vec![
            question("是否参会", "choice", "参会/请假/委托他人"),
            question("参会人数", "number", ""),
            question("联系人", "text", ""),
        ],
        days: "8".into(),
        ..CircularDraft::default()
    };
    let id = send(maker, by, 6, draft).await?;
    maker.stand(3, 100)?;
    for (at, (_, admin)) in acting.iter().enumerate().filter(|(at, _)| at % 2 == 1) {
        read::open(&maker.app, admin, id).await?;
        let (choice, people) = match at % 10 {
            3 => ("请假", "0"),
            7 => ("委托他人", "1"),
            _ => ("参会", if at % 3 == 0 { "2" } else { "1" }),
        };
        let name = admin.signed_in()?.name.clone();
        let typed: Typed = [("q1", choice), ("q2", people), ("q3", name.as_str())]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
        answer::answer(&maker.app, admin, id, &typed, 0).await?;
    }
    for (_, admin) in acting.iter().skip(1).step_by(6) {
        read::open(&maker.app, admin, id).await?;
    }
    Ok(())
}

async fn reported(maker: &Maker, acting: &[(&Member, &Actor)], by: &Actor) -> Result<()> {
    let draft = CircularDraft {
        title: "会员单位上年度研发与人员情况填报".into(),
        body: "请按统计口径填写上年度数据，用于联盟发展情况报告，不对外公开单个企业数据。".into(),
        asks: Asks::Facts,
        facts: ["senior_title_headcount", "doctor_headcount", "patents_applied"].map(str::to_owned).into(),
        year: (maker.today.year() - 1).to_string(),
        days: "10".into(),
        ..CircularDraft::default()
    };
    let id = send(maker, by, 18, draft).await?;
    maker.stand(14, 120)?;
    for (at, (member, admin)) in acting.iter().enumerate().filter(|(at, _)| at % 4 != 0) {
        let some = (member.plan.at * 7 + at) % 9;
        let numbers = [("senior_title_headcount", some / 2), ("doctor_headcount", some / 4), ("patents_applied", some)];
        let typed: Typed = numbers.map(|(key, number)| (key.to_owned(), number.to_string())).into();
        answer::answer(&maker.app, admin, id, &typed, 0).await?;
    }
    maker.stand(9, 10)?;
    remind::remind(&maker.app, by, id).await.map(drop)
}

async fn closed(maker: &Maker, acting: &[(&Member, &Actor)], by: &Actor) -> Result<()> {
    let draft = CircularDraft {
        title: "关于开展网络安全自查的通知".into(),
        body: "请各单位开展一次网络安全自查，完成后点“确认收到”。".into(),
        asks: Asks::Receipt,
        days: "5".into(),
        ..CircularDraft::default()
    };
    let id = send(maker, by, 60, draft).await?;
    maker.stand(57, 30)?;
    for (_, admin) in acting.iter().filter(|(member, _)| member.plan.at % 11 != 5) {
        answer::answer(&maker.app, admin, id, &Typed::new(), 0).await?;
    }
    maker.stand(50, 15)?;
    remind::close(&maker.app, by, id).await
}
