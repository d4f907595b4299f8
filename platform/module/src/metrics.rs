//! Numbers about the running process in Prometheus' text format (version 0.0.4), at `GET /metrics`.
//!
//! Written by hand over a few atomics: a series for each route there is, made before the first request, so that no
//! request takes a lock and no label can grow. Paths are the routes' templates, never what was asked for.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jinmen_core::{Error, Instant, Result};

use crate::{App, Failure, RouteInfo};

/// Upper bounds of the buckets of durations, in microseconds.
const BUCKETS: [u64; 12] =
    [1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000];
/// Classes of statuses.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// What no route took, and what is asked in an odd way.
const OTHER: (&str, &str) = ("other", "other");

/// The counters of one route.
#[derive(Default)]
struct Series {
    classes: [AtomicU64; CLASSES.len()],
    buckets: [AtomicU64; BUCKETS.len()],
    micros: AtomicU64,
}

impl Series {
    fn count(&self, status: StatusCode, micros: u64) {
        let class = usize::from(status.as_u16() / 100).clamp(1, CLASSES.len()) - 1;
        self.classes[class].fetch_add(1, Ordering::Relaxed);
        if let Some(bucket) = BUCKETS.iter().position(|most| micros <= *most) {
            self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        }
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

/// The counters of a process.
pub(crate) struct Metrics {
    routes: HashMap<String, HashMap<Method, Series>>,
    other: Series,
    started: Instant,
}

impl Metrics {
    pub(crate) fn new(routes: &[RouteInfo], started: Instant) -> Arc<Self> {
        let mut known: HashMap<String, HashMap<Method, Series>> = HashMap::new();
        for route in routes {
            known.entry(route.path.clone()).or_default().entry(route.method.clone()).or_default();
        }
        Arc::new(Self { routes: known, other: Series::default(), started })
    }

    fn series(&self, path: Option<&str>, method: &Method) -> &Series {
        // A question for the head of a page is answered by the page.
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let methods = path.and_then(|path| self.routes.get(path));
        methods.and_then(|methods| methods.get(method)).unwrap_or(&self.other)
    }

    /// What the requests were, as text. Routes that nobody asked for yet are left out.
    fn write(&self, out: &mut String) {
        let known = self.routes.iter().flat_map(|(path, methods)| {
            methods.iter().map(move |(method, series)| (method.as_str(), path.as_str(), series))
        });
        let mut all: Vec<_> = known.chain([(OTHER.0, OTHER.1, &self.other)]).collect();
        all.retain(|(.., series)| series.classes.iter().any(|count| count.load(Ordering::Relaxed) > 0));
        all.sort_by_key(|(method, path, _)| (*path, *method));
        head(out, "jinmen_http_requests_total", "counter", "Requests by route and class of status.");
        for (method, path, series) in &all {
            for (class, count) in CLASSES.iter().zip(&series.classes) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let labels = format!("method=\"{method}\",route=\"{path}\",status=\"{class}\"");
                    let _ = writeln!(out, "jinmen_http_requests_total{{{labels}}} {count}");
                }
            }
        }
        let name = "jinmen_http_request_duration_seconds";
        head(out, name, "histogram", "Time to the head of the answer, by route.");
        for (method, path, series) in &all {
            let labels = format!("method=\"{method}\",route=\"{path}\"");
            let mut below = 0;
            for (most, count) in BUCKETS.iter().zip(&series.buckets) {
                below += count.load(Ordering::Relaxed);
                let _ = writeln!(out, "{name}_bucket{{{labels},le=\"{}\"}} {below}", seconds(*most));
            }
            let count: u64 = series.classes.iter().map(|count| count.load(Ordering::Relaxed)).sum();
            let _ = writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", count.max(below));
            let _ = writeln!(out, "{name}_sum{{{labels}}} {}", seconds(series.micros.load(Ordering::Relaxed)));
            let _ = writeln!(out, "{name}_count{{{labels}}} {}", count.max(below));
        }
    }
}

/// Microseconds as seconds, without the noise of binary fractions.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn one(out: &mut String, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
    head(out, name, kind, help);
    let _ = writeln!(out, "{name} {value}");
}

/// Counts every request that a route or nothing answers.
pub(crate) async fn layer(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    let begun = std::time::Instant::now();
    let response = next.run(request).await;
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    metrics.series(path.as_deref(), &method).count(response.status(), micros);
    response
}

/// The numbers, for whoever may see them; others are told that there is nothing here.
pub(crate) async fn show(app: App, metrics: Arc<Metrics>, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if !may_see(&app, request.headers(), peer) {
        return Failure(Error::NotFound).into_response();
    }
    match text(&app, &metrics).await {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response(),
        Err(error) => {
            tracing::error!(error = ?error, "The numbers could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// With a token in `jinmen.toml`, whoever sends it. Without one, this very machine, and only where the instance is
/// reached under an address of this machine: behind a proxy every request comes from here.
fn may_see(app: &App, headers: &HeaderMap, peer: Option<IpAddr>) -> bool {
    if let Some(token) = &app.config.metrics_token {
        let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        return sent.strip_prefix("Bearer ").is_some_and(|sent| token.is(sent));
    }
    peer.is_some_and(|peer| peer.is_loopback()) && !app.config.behind_proxy && app.config.is_local()
}

async fn text(app: &App, metrics: &Metrics) -> Result<String> {
    let mut out = String::with_capacity(16_384);
    metrics.write(&mut out);
    let name = "jinmen_database_connections";
    head(&mut out, name, "gauge", "Connections to the database by what they do.");
    for (pool, all, idle) in app.db.connections() {
        let _ = writeln!(out, "{name}{{pool=\"{pool}\",state=\"in_use\"}} {}", all.saturating_sub(idle));
        let _ = writeln!(out, "{name}{{pool=\"{pool}\",state=\"idle\"}} {idle}");
    }
    let total = app.db.statements();
    one(&mut out, "jinmen_database_statements_total", "counter", "Statements sent to the database.", total);
    let failures = access::failures_total();
    one(&mut out, "jinmen_sign_in_failures_total", "counter", "Wrong passwords, codes and links.", failures);
    queue(app, &mut out).await?;
    let (placed, waiting) = record::progress(&app.db).await?;
    head(
        &mut out,
        "jinmen_record_entries",
        "gauge",
        "Entries of the record with and (up to 10,000) without their place.",
    );
    let _ = writeln!(out, "jinmen_record_entries{{state=\"placed\"}} {placed}");
    let _ = writeln!(out, "jinmen_record_entries{{state=\"waiting\"}} {waiting}");
    process(metrics, &mut out);
    let version = env!("CARGO_PKG_VERSION");
    head(&mut out, "jinmen_build_info", "gauge", "The version that runs.");
    let _ = writeln!(out, "jinmen_build_info{{version=\"{version}\"}} 1");
    Ok(out)
}

async fn queue(app: &App, out: &mut String) -> Result<()> {
    let depths = jobs::depths(&app.db).await?;
    let now = app.clock.now();
    head(out, "jinmen_jobs", "gauge", "Jobs by kind and state; dead ones failed for good.");
    for depth in &depths {
        let state = depth.state.code();
        let _ = writeln!(out, "jinmen_jobs{{kind=\"{}\",state=\"{state}\"}} {}", depth.kind, depth.count);
    }
    let name = "jinmen_jobs_oldest_waiting_seconds";
    head(out, name, "gauge", "How long the longest waiting job has been due.");
    for depth in depths.iter().filter(|depth| depth.state == jobs::State::Waiting) {
        let late = now.seconds_since(depth.oldest_due).max(0);
        let _ = writeln!(out, "{name}{{kind=\"{}\"}} {late}", depth.kind);
    }
    Ok(())
}

/// What the system says of the process, where it is Linux.
fn process(metrics: &Metrics, out: &mut String) {
    let help = "Resident memory of the process.";
    if let Some(bytes) = std::fs::read_to_string("/proc/self/status").ok().as_deref().and_then(resident) {
        one(out, "process_resident_memory_bytes", "gauge", help, bytes);
    }
    let start = metrics.started.0.div_euclid(1_000_000);
    one(out, "process_start_time_seconds", "gauge", "When the process began, in seconds since 1970.", start);
}

/// The resident bytes of `/proc/self/status`.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERMISSION: jinmen_core::Permission = jinmen_core::Permission::public("test.read");

    #[test]
    fn requests_are_counted_by_route_and_everything_else_in_one_place() {
        let route = RouteInfo {
            method: Method::GET,
            path: "/x/{id}".into(),
            permission: &PERMISSION,
            kind: crate::RouteKind::Page,
        };
        let metrics = Metrics::new(&[route], Instant(0));
        metrics.series(Some("/x/{id}"), &Method::GET).count(StatusCode::OK, 900);
        metrics.series(Some("/x/{id}"), &Method::HEAD).count(StatusCode::NOT_FOUND, 20_000_000);
        metrics.series(Some("/x/{id}"), &Method::from_bytes(b"BREW").unwrap()).count(StatusCode::OK, 1);
        metrics.series(None, &Method::GET).count(StatusCode::NOT_FOUND, 1);
        let mut out = String::new();
        metrics.write(&mut out);
        for line in [
            "jinmen_http_requests_total{method=\"GET\",route=\"/x/{id}\",status=\"2xx\"} 1",
            "jinmen_http_requests_total{method=\"GET\",route=\"/x/{id}\",status=\"4xx\"} 1",
            "jinmen_http_requests_total{method=\"other\",route=\"other\",status=\"4xx\"} 1",
            "jinmen_http_requests_total{method=\"other\",route=\"other\",status=\"2xx\"} 1",
            "jinmen_http_request_duration_seconds_bucket{method=\"GET\",route=\"/x/{id}\",le=\"0.001\"} 1",
            "jinmen_http_request_duration_seconds_bucket{method=\"GET\",route=\"/x/{id}\",le=\"10\"} 1",
            "jinmen_http_request_duration_seconds_bucket{method=\"GET\",route=\"/x/{id}\",le=\"+Inf\"} 2",
            "jinmen_http_request_duration_seconds_sum{method=\"GET\",route=\"/x/{id}\"} 20.0009",
        ] {
            assert!(out.lines().any(|known| known == line), "{line} is not in\n{out}");
        }
    }

    #[test]
    fn resident_memory_is_read_from_what_linux_says() {
        assert_eq!(resident("Name:\tjinmen\nVmRSS:\t   12345 kB\nThreads:\t4\n"), Some(12_345 * 1024));
        assert_eq!(resident("Name:\tjinmen\n"), None);
    }
}
