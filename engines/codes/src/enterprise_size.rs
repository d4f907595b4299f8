//! Size of an enterprise, National Bureau of Statistics 2017 (《统计上大中小微型企业划分办法》).
//!
//! Large, medium and small enterprises reach the lower bound of every indicator their industry
//! has; whoever misses one falls a grade, and one indicator below the bound of small makes micro.
//! In short: the size is the lowest grade over the indicators. Bounds include their own value.
//!
//! ```
//! use codes::{Figures, Money, Size, enterprise_size};
//!
//! let figures = Figures {
//!     employees: Some(120),
//!     revenue: Some(Money::from_wan(1_000)?),
//!     assets: None,
//! };
//! assert_eq!(enterprise_size::classify("I6513", &figures)?, Size::Medium);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::fault::impl_fault;
use crate::industry;
use crate::money::{Money, Unit};
use crate::table::rows;

/// The four grades, the smallest first; they compare accordingly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// 微型.
    Micro,
    /// 小型.
    Small,
    /// 中型.
    Medium,
    /// 大型.
    Large,
}

impl Size {
    /// All grades, the smallest first.
    pub const ALL: [Self; 4] = [Self::Micro, Self::Small, Self::Medium, Self::Large];

    /// Stable code: `micro`, `small`, `medium`, `large`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    /// 微型, 小型, 中型, 大型.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Micro => "微型",
            Self::Small => "小型",
            Self::Medium => "中型",
            Self::Large => "大型",
        }
    }

    /// Micro, Small, Medium, Large.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Micro => "Micro",
            Self::Small => "Small",
            Self::Medium => "Medium",
            Self::Large => "Large",
        }
    }
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Indicator {
    /// 从业人员, persons employed.
    Employees,
    /// 营业收入, revenue of the year.
    Revenue,
    /// 资产总额, total assets.
    Assets,
}

impl Indicator {
    /// Stable code: `employees`, `revenue`, `assets`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Employees => "employees",
            Self::Revenue => "revenue",
            Self::Assets => "assets",
        }
    }

    /// 从业人员, 营业收入, 资产总额.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Employees => "从业人员",
            Self::Revenue => "营业收入",
            Self::Assets => "资产总额",
        }
    }
}

/// Figures of the last full year, of the legal unit and not of its group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Persons employed.
    pub employees: Option<u64>,
    /// Revenue of the year.
    pub revenue: Option<Money>,
    /// Total assets.
    pub assets: Option<Money>,
}

/// Why an enterprise cannot be classified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SizeFault {
    /// No such code in GB/T 4754-2017.
    #[error("{code:?} is no industry of GB/T 4754-2017")]
    UnknownIndustry {
        /// The code as given.
        code: String,
    },
    /// The code takes in industries with different bounds; a lower level is needed.
    #[error("industry {code:?} is too broad: parts of it have different bounds")]
    TooBroad {
        /// The code as given.
        code: String,
    },
    /// Sizes are not defined for the industry: finance, railways, education, health, public
    /// administration and a few more.
    #[error("enterprise sizes are not defined for industry {code:?}")]
    NotApplicable {
        /// The code as given.
        code: String,
    },
    /// The figures given do not decide it; the indicators missing, in the order of the enum.
    #[error("missing: {}", codes_of(.0))]
    Missing(Vec<Indicator>),
}

impl SizeFault {
    /// Stable code, `enterprise_size.missing` and so on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownIndustry { .. } => "enterprise_size.unknown_industry",
            Self::TooBroad { .. } => "enterprise_size.too_broad",
            Self::NotApplicable { .. } => "enterprise_size.not_applicable",
            Self::Missing(_) => "enterprise_size.missing",
        }
    }

    /// Values for a translated sentence; `indicators` holds codes with commas between.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownIndustry { code } | Self::TooBroad { code } | Self::NotApplicable { code } => {
                vec![("code", code.clone())]
            }
            Self::Missing(indicators) => vec![("indicators", codes_of(indicators))],
        }
    }
}

impl_fault!(SizeFault);

fn codes_of(indicators: &[Indicator]) -> String {
    let codes: Vec<&str> = indicators.iter().map(|indicator| indicator.code()).collect();
    codes.join(", ")
}

/// Lower bounds of one indicator, in persons or in 万元, each included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// What is measured.
    pub indicator: Indicator,
    /// From here on small.
    pub small: i64,
    /// From here on medium.
    pub medium: i64,
    /// From here on large.
    pub large: i64,
}

/// What holds for a group of industries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Short key of ours, such as `IND`.
    pub key: &'static str,
    /// Name in the notice.
    pub name_zh: &'static str,
    /// One or two indicators.
    pub bounds: Vec<Bounds>,
}

/// A size with its grounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The size.
    pub size: Size,
    /// The rule applied.
    pub rule: &'static Rule,
    /// The grade of each indicator that was given; the lowest is the size.
    pub grades: Vec<(Indicator, Size)>,
}

/// The size of an enterprise of an industry of GB/T 4754-2017 (any level that has one set of
/// bounds, with or without section letter).
///
/// # Errors
/// Any [`SizeFault`]. A missing indicator is no fault when the others already make it micro.
pub fn classify(industry: &str, figures: &Figures) -> Result<Size, SizeFault> {
    assess(industry, figures).map(|assessment| assessment.size)
}

/// As [`classify`], with the rule and the grade of each indicator.
///
/// # Errors
/// As [`classify`].
pub fn assess(industry: &str, figures: &Figures) -> Result<Assessment, SizeFault> {
    let rule = rule(industry)?;
    let mut grades = Vec::new();
    let mut missing = Vec::new();
    for bounds in &rule.bounds {
        match figures.fits(bounds) {
            Some(grade) => grades.push((bounds.indicator, grade)),
            None => missing.push(bounds.indicator),
        }
    }
    match grades.iter().map(|(_, grade)| *grade).min() {
        Some(size) if missing.is_empty() || size == Size::Micro => Ok(Assessment { size, rule, grades }),
        _ => Err(SizeFault::Missing(missing)),
    }
}

/// The rule for an industry.
///
/// # Errors
/// Any [`SizeFault`] but `Missing`.
pub fn rule(industry: &str) -> Result<&'static Rule, SizeFault> {
    let code = || industry.to_owned();
    let found = industry::normalise(industry).ok_or_else(|| SizeFault::UnknownIndustry { code: code() })?;
    match RULES.of_industry.get(found) {
        Some(Scope::One(at)) => Ok(&RULES.rules[*at]),
        Some(Scope::Several) => Err(SizeFault::TooBroad { code: code() }),
        Some(Scope::Nothing) | None => Err(SizeFault::NotApplicable { code: code() }),
    }
}

/// All rules in the order of the notice.
pub fn rules() -> &'static [Rule] {
    &RULES.rules
}

impl Figures {
    /// Grade of one indicator; `None` when it is not given.
    fn fits(&self, bounds: &Bounds) -> Option<Size> {
        let money = |amount: Money| (i128::from(amount.fen()), i128::from(Unit::TenThousand.fen()));
        let (value, unit) = match bounds.indicator {
            Indicator::Employees => (i128::from(self.employees?), 1),
            Indicator::Revenue => money(self.revenue?),
            Indicator::Assets => money(self.assets?),
        };
        let reaches = |bound: i64| value >= i128::from(bound) * unit;
        Some(if reaches(bounds.large) {
            Size::Large
        } else if reaches(bounds.medium) {
            Size::Medium
        } else if reaches(bounds.small) {
            Size::Small
        } else {
            Size::Micro
        })
    }
}

/// How many rules the classes below an industry have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Nothing,
    One(usize),
    Several,
}

struct Rules {
    rules: Vec<Rule>,
    of_industry: HashMap<&'static str, Scope>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules: Vec<Rule> = Vec::new();
    let mut prefixes: HashMap<&'static str, usize> = HashMap::new();
    for [key, name_zh, indicator, small, medium, large, industries] in
        rows(include_str!("../data/enterprise_size_2017.csv"))
    {
        let indicator = match indicator {
            "employees" => Indicator::Employees,
            "revenue" => Indicator::Revenue,
            _ => Indicator::Assets,
        };
        let (Ok(small), Ok(medium), Ok(large)) = (small.parse(), medium.parse(), large.parse()) else {
            // A test reads every row with another reader and finds each bound here.
            continue;
        };
        let bounds = Bounds { indicator, small, medium, large };
        match rules.iter_mut().find(|rule| rule.key == key) {
            Some(rule) => rule.bounds.push(bounds),
            None => {
                prefixes.extend(industries.split(' ').map(|prefix| (prefix, rules.len())));
                rules.push(Rule { key, name_zh, bounds: vec![bounds] });
            }
        }
    }
    Rules { of_industry: scopes(&prefixes), rules }
});

/// Give every class the rule of the nearest industry above it that has one, and every broader
/// industry what its classes have.
fn scopes(prefixes: &HashMap<&'static str, usize>) -> HashMap<&'static str, Scope> {
    let mut scopes: HashMap<&'static str, Scope> = HashMap::new();
    for class in industry::all().iter().filter(|each| each.level == industry::Level::Class) {
        let above = industry::ancestors(class.code);
        let rule = std::iter::once(class).chain(above.iter().copied()).find_map(|each| prefixes.get(each.code));
        let own = rule.map_or(Scope::Nothing, |at| Scope::One(*at));
        for each in std::iter::once(class).chain(above) {
            scopes
                .entry(each.code)
                .and_modify(|scope| {
                    if *scope != own {
                        *scope = Scope::Several;
                    }
                })
                .or_insert(own);
        }
    }
    scopes
}
