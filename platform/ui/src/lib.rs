//! What every page of Jinmen is made of: the frames that pages extend, components that look alike in every module,
//! two languages, and the style sheet, scripts and icons built from `web/`.
//!
//! A page is a struct with a [`Frame`] and its own data, and a template that extends `frame/work.html`,
//! `frame/portal.html` or `frame/plain.html`. Components are plain data; `{{ table.show(frame.t) }}` draws one.
//! Texts given to components are already in the reader's language; only what the components themselves say
//! comes from this crate's own locale files.

// Templates are compiled in the crate of the page, so they name this one by its name; here too.
extern crate self as ui;

pub mod assets;
pub mod catalog;
pub mod chart;
pub mod facts;
pub mod form;
pub mod frame;
mod html;
pub mod list;
pub mod parts;
pub mod progress;
mod qr;
pub mod relations;
pub mod respond;
pub mod ring;
pub mod spark;
pub mod steps;
pub mod table;
pub mod timeline;
mod tone;
mod words;

pub use catalog::{Catalog, CatalogError, MessageSource};
pub use chart::Chart;
pub use facts::{Fact, Facts, Source, SourceDot};
pub use form::{Choice, Field, FieldKind, Form, MoneyUnit, Section};
pub use frame::{Crumb, DemoBar, EnterAs, Flash, Frame, FramePerson, HatLink, NavItem, Operator};
pub use html::{Html, icon};
pub use list::{Chip, Empty, Link, Pager, Toolbar};
pub use parts::{Alert, Badge, Card, Tab, Tabs, Tile, Tiles};
pub use progress::Progress;
pub use qr::{QrError, qr};
pub use relations::{Neighbour, Relations};
pub use respond::{page, page_or_fragment, wants_fragment};
pub use ring::Ring;
pub use spark::{Spark, SparkKind};
pub use steps::{Step, StepState, Steps};
pub use table::{Cell, Column, Direction, Reveal, Row, Sort, Table};
pub use timeline::{Moment, Timeline};
pub use tone::Tone;
pub use words::{Arg, Words};

/// This crate's own texts, to be handed to [`Catalog::build`] with those of the modules.
pub const MESSAGES: MessageSource =
    MessageSource { module: "ui", zh: include_str!("../locales/zh-CN.ftl"), en: include_str!("../locales/en.ftl") };
