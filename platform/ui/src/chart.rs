//! Charts drawn by the browser from options made here, with the same figures as a table for everybody else.

use askama::Template;
use serde_json::Value;

use crate::html::Html;
use crate::table::Table;
use crate::words::Words;

/// A chart. The page loads `charts.js` in its `scripts` block ([`Chart::script`]).
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// What it shows, in a sentence.
    pub title: String,
    /// ECharts options; colours, fonts and tooltip are added by the script.
    pub options: Value,
    /// The same figures.
    pub table: Table,
}

impl Chart {
    /// Draws it.
    pub fn show(&self, t: &Words) -> Html {
        Html::of(&ChartView { t, title: &self.title, options: self.options.to_string(), table: self.table.show(t) })
    }

    /// The script that pages with a chart load.
    pub fn script() -> Html {
        Html::cleaned(format!("<script type=\"module\" src=\"{}\"></script>", crate::assets::url("charts.js")))
    }
}

#[derive(Template)]
#[template(path = "parts/chart.html")]
struct ChartView<'a> {
    t: &'a Words,
    title: &'a str,
    options: String,
    table: Html,
}
