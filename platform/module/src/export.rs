//! Every table comes out again: CSV, XLSX or JSON of a list as it is filtered, row by row, never the
//! whole in memory. Who exported what is recorded by the use case that asks for it, and the file says
//! by whom and when.

use std::str::FromStr;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::stream::{BoxStream, Stream, StreamExt, TryStreamExt};
use jinmen_core::{Error, Result};
use rust_xlsxwriter::{Format as CellFormat, Workbook};
use serde_json::Value;

use crate::Answer;

/// The kinds of file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// UTF-8 with the mark that makes Excel read it as such.
    Csv,
    /// A workbook; codes are text.
    Xlsx,
    /// An array of objects.
    Json,
}

impl FromStr for Format {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Xlsx),
            "json" => Ok(Self::Json),
            _ => Err(Error::NotFound),
        }
    }
}

/// What a file says of itself.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The file's name without its ending.
    pub name: String,
    /// Columns: the key for programs and the label for people.
    pub columns: Vec<(String, String)>,
    /// By whom and when, in words.
    pub mark: String,
}

/// A value of a row: text, integer, boolean or null; nothing else has a cell.
pub type ExportRow = Vec<Value>;

/// Rows in order, fetched page by page as they are written.
pub type Rows = BoxStream<'static, Result<ExportRow>>;

/// Makes one stream of pages: `fetch` gets the cursor of the page before.
pub fn pages<F, Fut>(fetch: F) -> Rows
where
    F: Fn(Option<String>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<jinmen_core::Page<ExportRow>>> + Send + 'static,
{
    let fetch = std::sync::Arc::new(fetch);
    futures::stream::try_unfold(Some(None), move |state: Option<Option<String>>| {
        let fetch = fetch.clone();
        async move {
            let Some(after) = state else { return Ok::<_, Error>(None) };
            let page = fetch(after).await?;
            Ok(Some((futures::stream::iter(page.items.into_iter().map(Ok)), page.next.map(Some))))
        }
    })
    .try_flatten()
    .boxed()
}

/// Answers with a file.
pub async fn respond(format: Format, sheet: Sheet, rows: Rows) -> Answer {
    match format {
        Format::Csv => Ok(streamed(csv_bytes(&sheet, rows), "text/csv; charset=utf-8", &sheet, "csv")),
        Format::Json => Ok(streamed(json_bytes(&sheet, rows), "application/json", &sheet, "json")),
        Format::Xlsx => {
            let name = sheet.clone();
            let bytes = xlsx_bytes(sheet, rows).await?;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok(attached(bytes.into_response(), kind, &name, "xlsx"))
        }
    }
}

fn streamed(
    bytes: impl Stream<Item = Result<Vec<u8>>> + Send + 'static,
    kind: &'static str,
    sheet: &Sheet,
    ending: &str,
) -> Response {
    // A failure after the first bytes can only break off the answer, which programs notice.
    let bytes = bytes.map_err(|error| std::io::Error::other(error.to_string()));
    attached(Body::from_stream(bytes).into_response(), kind, sheet, ending)
}

fn attached(mut response: Response, kind: &'static str, sheet: &Sheet, ending: &str) -> Response {
    let encoded: String = sheet
        .name
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect();
    let value = format!("attachment; filename=\"export.{ending}\"; filename*=UTF-8''{encoded}.{ending}");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&value) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn csv_bytes(sheet: &Sheet, rows: Rows) -> impl Stream<Item = Result<Vec<u8>>> + use<> {
    let labels: Vec<String> = sheet.columns.iter().map(|(_, label)| label.clone()).collect();
    let mut first = "\u{feff}".as_bytes().to_vec();
    first.extend(csv_line(labels.iter().map(String::as_str)));
    let head = futures::stream::once(async move { Ok(first) });
    head.chain(rows.map_ok(|row| {
        let cells: Vec<String> = row.iter().map(csv_cell).collect();
        csv_line(cells.iter().map(String::as_str))
    }))
}

fn csv_line<'a>(cells: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail.
    writer.write_record(cells).ok();
    writer.into_inner().unwrap_or_default()
}

/// A text that a spreadsheet would take for a formula is quoted, as OWASP advises.
fn csv_cell(value: &Value) -> String {
    match value {
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn json_bytes(sheet: &Sheet, rows: Rows) -> impl Stream<Item = Result<Vec<u8>>> + use<> {
    let keys: Vec<String> = sheet.columns.iter().map(|(key, _)| key.clone()).collect();
    let head = futures::stream::once(async { Ok(b"[".to_vec()) });
    let tail = futures::stream::once(async { Ok(b"\n]\n".to_vec()) });
    let body = rows.enumerate().map(move |(index, row)| {
        let object: serde_json::Map<String, Value> = keys.iter().cloned().zip(row?).collect();
        let mark = if index == 0 { "\n" } else { ",\n" };
        Ok(format!("{mark}{}", Value::Object(object)).into_bytes())
    });
    head.chain(body).chain(tail)
}

/// Rows of a workbook; more do not fit on a sheet.
const SHEET_ROWS: u32 = 1_048_575;

async fn xlsx_bytes(sheet: Sheet, mut rows: Rows) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    let page = book.add_worksheet_with_constant_memory().map_err(Error::internal)?;
    let bold = CellFormat::new().set_bold();
    page.set_header(format!("&L{}", sheet.mark.replace('&', "&&")));
    page.set_footer("&C&P / &N");
    for (column, (_, label)) in sheet.columns.iter().enumerate() {
        page.write_string_with_format(0, column as u16, label, &bold).map_err(Error::internal)?;
    }
    let mut line = 1_u32;
    while let Some(row) = rows.next().await {
        for (column, value) in row?.iter().enumerate() {
            let column = column as u16;
            match value {
                Value::Null => continue,
                Value::Number(number) => page.write_number(line, column, number.as_f64().unwrap_or_default()),
                Value::Bool(flag) => page.write_boolean(line, column, *flag),
                Value::String(text) => page.write_string(line, column, text.chars().take(32_000).collect::<String>()),
                other => page.write_string(line, column, other.to_string()),
            }
            .map_err(Error::internal)?;
        }
        line += 1;
        if line > SHEET_ROWS {
            return Err(Error::conflict("core.sheet_full"));
        }
    }
    // The last line says whose copy this is, under the data where it disturbs no import.
    page.write_string(line + 1, 0, &sheet.mark).map_err(Error::internal)?;
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_comment(&sheet.mark));
    book.save_to_buffer().map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_cell_never_becomes_a_formula() {
        assert_eq!(csv_cell(&json!("=HYPERLINK(\"x\")")), "'=HYPERLINK(\"x\")");
        assert_eq!(csv_cell(&json!("@x")), "'@x");
        assert_eq!(csv_cell(&json!(-5)), "-5");
        assert_eq!(csv_cell(&json!("天津")), "天津");
    }
}
