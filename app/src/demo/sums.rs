//! What members owe and what they were granted: dues of this year, a stand at the fair, an award, two subsidies.

use jinmen_core::{Actor, Date, Fault, Money, Result};
use payments::model::{ItemId, ItemWanted, NewPayment};
use payments::ops::{cancel, create, pay};
use payments::{Direction, Instalment, Share, Terms};

use super::maker::Maker;
use super::members::Member;

/// Since when the dues of the year are owed.
const DUES: i64 = 45;

/// Fills the books of the secretariat and of the district.
pub async fn fill(maker: &Maker, members: &[Member], secretariat: &Actor, district: &Actor) -> Result<()> {
    dues(maker, members, secretariat).await?;
    others(maker, &members[0], secretariat).await?;
    subsidies(maker, members, district).await
}

fn yuan(yuan: i64) -> Money {
    Money::from_fen(yuan * 100)
}

/// The day so many days from today.
fn ahead(maker: &Maker, days: i64) -> Result<Date> {
    Ok(maker.today.add_days(days).map_err(|fault| Fault::of("day", &fault))?)
}

async fn owe(maker: &Maker, by: &Actor, member: &Member, terms: Terms) -> Result<ItemId> {
    let wanted = ItemWanted { subject: member.id.text(), terms };
    Ok(create::create(&maker.app, by, wanted).await?.id)
}

async fn paid(maker: &Maker, by: &Actor, id: ItemId, amount: Money, payer: &str, note: &str) -> Result<()> {
    let new = NewPayment {
        paid_on: maker.now().date(),
        amount,
        payer: payer.to_owned(),
        voucher: String::new(),
        note: note.to_owned(),
    };
    pay::pay(&maker.app, by, id, new, None).await.map(drop)
}

/// What became of the dues of a member.
enum Dues {
    Paid,
    Open,
    Overdue,
    Half,
    Cancelled,
}

async fn dues(maker: &Maker, members: &[Member], by: &Actor) -> Result<()> {
    let since = maker.ago(DUES)?;
    let became =
        [Dues::Paid, Dues::Paid, Dues::Open, Dues::Overdue, Dues::Half, Dues::Paid, Dues::Cancelled, Dues::Open];
    for (at, (member, became)) in members.iter().zip(became).enumerate() {
        let amount = if member.plan.grade == "member" { yuan(2_000) } else { yuan(10_000) };
        let due = if matches!(became, Dues::Overdue | Dues::Half) { -12 } else { 18 };
        maker.stand(DUES, at as i64)?;
        let terms = Terms {
            due_on: Some(ahead(maker, due)?),
            dedup: Some(format!("dues:{}:{}", since.year(), member.id)),
            ..Terms::new(Direction::In, format!("{} 年度会费", since.year()), amount, since)
        };
        let id = owe(maker, by, member, terms).await?;
        maker.stand(30 - at as i64, 40)?;
        let name = &member.plan.name.zh;
        match became {
            Dues::Paid => paid(maker, by, id, amount, name, "银行到账（演示）").await?,
            Dues::Half => paid(maker, by, id, Money::from_fen(amount.fen() / 2), name, "余款约定月底前付清").await?,
            Dues::Cancelled => cancel::cancel(&maker.app, by, id, "经理事会同意免收本年度会费").await?,
            Dues::Open | Dues::Overdue => {}
        }
    }
    Ok(())
}

async fn others(maker: &Maker, flagship: &Member, by: &Actor) -> Result<()> {
    maker.stand(38, 20)?;
    let stand = Terms::new(Direction::In, "信创展区展位费", yuan(8_600), maker.ago(38)?);
    let id = owe(maker, by, flagship, stand).await?;
    maker.stand(36, 50)?;
    paid(maker, by, id, yuan(8_600), &flagship.plan.name.zh, "").await?;
    maker.stand(7, 15)?;
    let award = Terms {
        due_on: Some(ahead(maker, 5)?),
        ..Terms::new(Direction::Out, "优秀会员单位奖励", yuan(20_000), maker.ago(7)?)
    };
    owe(maker, by, flagship, award).await.map(drop)
}

/// Two subsidies that the city and the district bear by halves, in two instalments; the first ones are paid.
async fn subsidies(maker: &Maker, members: &[Member], by: &Actor) -> Result<()> {
    let granted = [
        (0, "信创适配补贴", "信创支持办法/适配补贴", 500_000),
        (1, "首版次软件产品奖励", "信创支持办法/首版次奖励", 800_000),
    ];
    for (at, title, benefit, amount) in granted {
        maker.stand(28, 10 + at as i64)?;
        let half = |name: &str| Share { name: name.into(), amount: yuan(amount / 2) };
        let part = |share: i64, days: Option<i64>, condition: &str| -> Result<Instalment> {
            let due_on = days.map(|days| ahead(maker, days)).transpose()?;
            Ok(Instalment { amount: yuan(amount * share / 10), due_on, condition: condition.into() })
        };
        let terms = Terms {
            benefit: Some(benefit.into()),
            payers: vec![half("市级财政"), half("区级财政")],
            instalments: vec![part(6, Some(-10), "")?, part(4, Some(170), "项目验收合格后")?],
            ..Terms::new(Direction::Out, title, yuan(amount), maker.ago(28)?)
        };
        let id = owe(maker, by, &members[at], terms).await?;
        maker.stand(13, 30 + at as i64)?;
        for payer in ["市级财政", "区级财政"] {
            paid(maker, by, id, yuan(amount * 3 / 10), payer, "国库集中支付（演示）").await?;
        }
    }
    Ok(())
}
