//! One subject and whom it is connected with: a drawing for those who see, the same as a list for everybody.

use askama::Template;

use crate::html::Html;
use crate::words::Words;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 380.0;
/// More than this many are not drawn, only listed.
const DRAWN: usize = 12;

/// Somebody or something connected.
#[derive(Clone, Debug, Default)]
pub struct Neighbour {
    /// Its name.
    pub label: String,
    /// Where it is.
    pub href: String,
    /// How it is connected (`租户`, `签约方`).
    pub relation: String,
    /// A kind that groups neighbours, from 0; those of one kind look alike and stand together.
    pub kind: u8,
}

/// A subject among its neighbours.
#[derive(Clone, Debug, Default)]
pub struct Relations {
    /// The subject.
    pub centre: String,
    /// Its neighbours.
    pub neighbours: Vec<Neighbour>,
}

impl Relations {
    /// Draws it.
    pub fn show(&self, t: &Words) -> Html {
        let mut order: Vec<&Neighbour> = self.neighbours.iter().collect();
        order.sort_by_key(|one| one.kind);
        let drawn = order.len().min(DRAWN);
        let nodes = order.iter().take(DRAWN).enumerate().map(|(at, one)| place(one, at, drawn)).collect();
        Html::of(&RelationsView {
            t,
            centre: lines(&self.centre),
            nodes,
            all: &order,
            cx: WIDTH / 2.0,
            cy: HEIGHT / 2.0,
        })
    }
}

/// Places on an ellipse, beginning at the top right so that labels do not meet on the vertical axis.
fn place(one: &Neighbour, at: usize, of: usize) -> NodeView<'_> {
    let angle = std::f64::consts::TAU * (at as f64 + 0.5) / of.max(1) as f64 - std::f64::consts::FRAC_PI_2;
    let x = WIDTH / 2.0 + angle.cos() * 235.0;
    let y = HEIGHT / 2.0 + angle.sin() * 140.0;
    let (mx, my) = (WIDTH / 2.0 + (x - WIDTH / 2.0) * 0.55, HEIGHT / 2.0 + (y - HEIGHT / 2.0) * 0.55);
    NodeView {
        one,
        x: round(x),
        y: round(y),
        mx: round(mx),
        my: round(my),
        kind: one.kind % 5,
        label: lines(&one.label),
    }
}

fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// A name in at most two short lines; the whole name stands in the list.
fn lines(text: &str) -> Vec<String> {
    let limit = if text.is_ascii() { 18 } else { 9 };
    let letters: Vec<char> = text.chars().collect();
    let mut lines: Vec<String> = letters.chunks(limit).take(2).map(|chunk| chunk.iter().collect()).collect();
    if letters.len() > 2 * limit
        && let Some(last) = lines.last_mut()
    {
        last.pop();
        last.push('…');
    }
    lines
}

struct NodeView<'a> {
    one: &'a Neighbour,
    x: f64,
    y: f64,
    mx: f64,
    my: f64,
    kind: u8,
    label: Vec<String>,
}

#[derive(Template)]
#[template(path = "parts/relations.html")]
struct RelationsView<'a> {
    t: &'a Words,
    centre: Vec<String>,
    nodes: Vec<NodeView<'a>>,
    all: &'a [&'a Neighbour],
    cx: f64,
    cy: f64,
}
