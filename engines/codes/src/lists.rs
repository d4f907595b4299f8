//! All code lists by name, behind one trait.
//!
//! ```
//! let industries = codes::lists::get("industry").unwrap();
//! assert_eq!(industries.label_zh("I65"), Some("软件和信息技术服务业"));
//! assert_eq!(industries.search("软件", 1)[0].code, "I65".trim_start_matches('I'));
//! ```

use std::sync::LazyLock;

pub use crate::table::Entry;
use crate::table::{Index, some};
use crate::{digital_economy, education, enterprise_size, industry, region, uscc};

/// One code list: codes with names, in one tree (flat lists have only roots).
pub trait CodeList: Sync {
    /// Stable name: `region`, `industry` and so on.
    fn name(&self) -> &'static str;

    /// The entry of a code; `None` when unknown. `industry` takes codes with a section letter too.
    fn entry(&self, code: &str) -> Option<Entry>;

    /// The entries right below; the topmost ones for `None`. In list order.
    fn children(&self, parent: Option<&str>) -> Vec<Entry>;

    /// Entries matching a query, best first: the code itself, the whole name, the start of the
    /// code, the start of the name, a part of the name, all words of the query within the full
    /// name, a part of the English name. Full-width and half-width, upper and lower case are the
    /// same. An empty query finds nothing.
    fn search(&self, query: &str, limit: usize) -> Vec<Entry>;

    /// Number of codes.
    fn len(&self) -> usize;

    /// Chinese name with the names above it, for lists where the name alone is not enough
    /// (`天津市河西区`); otherwise the name.
    fn full_label_zh(&self, code: &str) -> Option<String> {
        self.label_zh(code).map(str::to_owned)
    }

    /// Whether there is no code at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the list has a code.
    fn contains(&self, code: &str) -> bool {
        self.entry(code).is_some()
    }

    /// Chinese name of a code.
    fn label_zh(&self, code: &str) -> Option<&'static str> {
        self.entry(code).map(|entry| entry.zh)
    }

    /// English name of a code, where there is one.
    fn label_en(&self, code: &str) -> Option<&'static str> {
        self.entry(code).and_then(|entry| entry.en)
    }

    /// Code above a code; `None` at the top and for unknown codes.
    fn parent(&self, code: &str) -> Option<&'static str> {
        self.entry(code).and_then(|entry| entry.parent)
    }
}

/// The list of a name: `region`, `industry`, `digital_economy`, `enterprise_size`, `education`,
/// `uscc_registrar`.
pub fn get(name: &str) -> Option<&'static dyn CodeList> {
    all().find(|list| list.name() == name)
}

/// All lists, in a fixed order.
pub fn all() -> impl Iterator<Item = &'static dyn CodeList> {
    LISTS.iter().map(|list| list as &dyn CodeList)
}

struct Listed {
    name: &'static str,
    index: fn() -> &'static Index,
}

static LISTS: [Listed; 6] = [
    Listed { name: "region", index: region::index },
    Listed { name: "industry", index: industry::index },
    Listed { name: "digital_economy", index: digital_economy::index },
    Listed { name: "enterprise_size", index: || &SIZES },
    Listed { name: "education", index: education::index },
    Listed { name: "uscc_registrar", index: || &REGISTRARS },
];

/// The four grades, the smallest first; the codes are those of [`enterprise_size::Size::code`].
static SIZES: LazyLock<Index> = LazyLock::new(|| {
    let entries = enterprise_size::Size::ALL
        .map(|size| Entry { code: size.code(), zh: size.label_zh(), en: Some(size.label_en()), parent: None })
        .to_vec();
    Index::new(entries, |_| true)
});

/// Departments (`9`), and below them the kinds of body (`91`), by the first characters of a
/// unified social credit code.
static REGISTRARS: LazyLock<Index> = LazyLock::new(|| {
    let mut entries: Vec<Entry> = Vec::new();
    for [department, department_zh, kind, kind_zh] in uscc::registrar_rows() {
        // Once for the program's life, some forty bytes in all.
        let pair: &'static str = format!("{department}{kind}").leak();
        if entries.iter().all(|entry| entry.code != department) {
            entries.push(Entry { code: department, zh: department_zh, en: None, parent: None });
        }
        entries.push(Entry { code: pair, zh: kind_zh, en: None, parent: some(department) });
    }
    Index::new(entries, |_| true)
});

impl Listed {
    /// The code as the list has it.
    fn code<'a>(&self, code: &'a str) -> &'a str {
        match self.name {
            "industry" => industry::normalise(code).unwrap_or(code),
            _ => code,
        }
    }

    fn at(&self, positions: &[usize]) -> Vec<Entry> {
        let entries = (self.index)().entries();
        positions.iter().map(|at| entries[*at]).collect()
    }
}

impl CodeList for Listed {
    fn name(&self) -> &'static str {
        self.name
    }

    fn entry(&self, code: &str) -> Option<Entry> {
        (self.index)().get(self.code(code)).copied()
    }

    fn children(&self, parent: Option<&str>) -> Vec<Entry> {
        let parent = parent.map(|parent| self.code(parent));
        self.at((self.index)().children(parent))
    }

    fn search(&self, query: &str, limit: usize) -> Vec<Entry> {
        self.at(&(self.index)().search(self.code(query), limit))
    }

    fn len(&self) -> usize {
        (self.index)().entries().len()
    }

    fn full_label_zh(&self, code: &str) -> Option<String> {
        match self.name {
            "region" => region::full_name(code),
            _ => self.label_zh(code).map(str::to_owned),
        }
    }
}
