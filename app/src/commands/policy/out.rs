//! The table of answers: CSV, or Parquet by the ending of its name.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use rules::{Answers, Outcome, Register};

use super::cohort::Granted;

/// A cell of the table.
enum Answered<'a> {
    Text(&'a str),
    /// Fen, or nothing where they are not known exactly.
    Fen(Option<i64>),
}

/// The table of answers.
pub struct Out(Form);

enum Form {
    Comma(csv::Writer<BufWriter<File>>),
    Parquet(Parquet),
}

impl Out {
    /// Begins the table: id, then CLAUSE.outcome and CLAUSE.amount_fen, and CLAUSE.granted_fen where limits or budgets
    /// are kept over all.
    pub fn create(path: &Path, register: &Register<'_>, granted: Option<&Granted>) -> Result<Self> {
        let file = File::create(path).with_context(|| path.display().to_string())?;
        let mut names = vec![("id".to_owned(), false)];
        for clause in 0..register.clauses() {
            let id = register.id(clause);
            names.push((format!("{id}.outcome"), false));
            names.push((format!("{id}.amount_fen"), true));
            if granted.is_some_and(|granted| granted.spans(clause)) {
                names.push((format!("{id}.granted_fen"), true));
            }
        }
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet")) {
            let table = Parquet::new(file, &names).with_context(|| path.display().to_string())?;
            return Ok(Self(Form::Parquet(table)));
        }
        let mut writer = csv::Writer::from_writer(BufWriter::new(file));
        writer.write_record(names.iter().map(|(name, _)| name))?;
        Ok(Self(Form::Comma(writer)))
    }

    /// Writes the answers of a block. An amount that is not known exactly stays empty.
    pub fn write(
        &mut self,
        identities: &[(String, u64)],
        answers: &[Answers],
        granted: Option<(&Granted, u64)>,
    ) -> Result<()> {
        let mut cells = Vec::new();
        for (row, (identity, _)) in identities.iter().enumerate() {
            cells.clear();
            cells.push(Answered::Text(identity));
            for (clause, answers) in answers.iter().enumerate() {
                let outcome = answers.outcomes[row];
                let exact = answers.most[row] == answers.least[row]
                    && matches!(outcome, Outcome::Eligible | Outcome::NotEligible);
                cells.push(Answered::Text(outcome.code()));
                cells.push(Answered::Fen(exact.then(|| answers.least[row])));
                if let Some(due) = granted.and_then(|(granted, first)| granted.due(clause, first + row as u64)) {
                    cells.push(Answered::Fen(due.exact()));
                }
            }
            self.add(&cells)?;
        }
        Ok(())
    }

    fn add(&mut self, cells: &[Answered<'_>]) -> Result<()> {
        match &mut self.0 {
            Form::Parquet(table) => table.add(cells),
            Form::Comma(writer) => {
                for cell in cells {
                    match cell {
                        Answered::Text(text) => writer.write_field(text)?,
                        Answered::Fen(fen) => {
                            writer.write_field(fen.map_or_else(String::new, |fen| fen.to_string()))?
                        }
                    }
                }
                Ok(writer.write_record(None::<&[u8]>)?)
            }
        }
    }

    /// Ends the table: only then it is whole.
    pub fn finish(self) -> Result<()> {
        match self.0 {
            Form::Comma(mut writer) => Ok(writer.flush()?),
            Form::Parquet(table) => table.finish(),
        }
    }
}

/// Rows that are held until they are written together.
const GROUP: usize = 16_384;

struct Parquet {
    writer: SerializedFileWriter<File>,
    columns: Vec<Held>,
    rows: usize,
}

enum Held {
    Texts(Vec<ByteArray>),
    /// Fen that are known, and for each row whether they are.
    Fen(Vec<i64>, Vec<i16>),
}

impl Parquet {
    fn new(file: File, names: &[(String, bool)]) -> Result<Self> {
        let column = |(name, fen): &(String, bool)| {
            let built = if *fen {
                Type::primitive_type_builder(name, Physical::INT64).with_repetition(Repetition::OPTIONAL).build()
            } else {
                Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                    .with_repetition(Repetition::REQUIRED)
                    .with_logical_type(Some(LogicalType::String))
                    .build()
            };
            built.map(Arc::new)
        };
        let fields = names.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder("answers").with_fields(fields).build()?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))?;
        let held = |(_, fen): &(String, bool)| {
            if *fen { Held::Fen(Vec::new(), Vec::new()) } else { Held::Texts(Vec::new()) }
        };
        Ok(Self { writer, columns: names.iter().map(held).collect(), rows: 0 })
    }

    fn add(&mut self, cells: &[Answered<'_>]) -> Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            match (column, cell) {
                (Held::Texts(texts), Answered::Text(text)) => texts.push(ByteArray::from(*text)),
                (Held::Fen(values, known), Answered::Fen(fen)) => {
                    known.push(i16::from(fen.is_some()));
                    values.extend(fen);
                }
                _ => anyhow::bail!("a cell is of another kind than its column"),
            }
        }
        self.rows += 1;
        if self.rows == GROUP { self.group() } else { Ok(()) }
    }

    fn group(&mut self) -> Result<()> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column()? else { anyhow::bail!("there are fewer columns than answers") };
            match column {
                Held::Texts(texts) => {
                    writer.typed::<ByteArrayType>().write_batch(texts, None, None)?;
                    texts.clear();
                }
                Held::Fen(values, known) => {
                    writer.typed::<Int64Type>().write_batch(values, Some(known), None)?;
                    values.clear();
                    known.clear();
                }
            }
            writer.close()?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    fn finish(mut self) -> Result<()> {
        if self.rows > 0 {
            self.group()?;
        }
        self.writer.close()?;
        Ok(())
    }
}
