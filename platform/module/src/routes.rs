//! Routes with their permissions. Adding a route without one is not possible.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, MethodRouter, on};
use jinmen_core::{Error, Permission};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::{App, Failure, Visit};

/// Whether a person or a program is answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RouteKind {
    /// HTML.
    Page,
    /// JSON.
    Api,
}

/// A route as the authorisation test lists it.
#[derive(Clone, Debug)]
pub struct RouteInfo {
    /// The method.
    pub method: Method,
    /// The path with its parameters in braces.
    pub path: String,
    /// Who may.
    pub permission: &'static Permission,
    /// Who is answered.
    pub kind: RouteKind,
}

impl RouteInfo {
    /// Whether it only reads.
    pub fn reads(&self) -> bool {
        self.method.is_safe()
    }
}

/// The routes of a module.
#[derive(Default)]
pub struct Routes {
    pub(crate) list: Vec<RouteInfo>,
    pub(crate) pages: Router<App>,
    pub(crate) api: OpenApiRouter<App>,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page that is read.
    #[must_use]
    pub fn get<H, T>(self, path: &str, permission: &'static Permission, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.page(Method::GET, path, permission, on(MethodFilter::GET, handler))
    }

    /// A form that is sent.
    #[must_use]
    pub fn post<H, T>(self, path: &str, permission: &'static Permission, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.page(Method::POST, path, permission, on(MethodFilter::POST, handler))
    }

    /// A value that a script puts.
    #[must_use]
    pub fn put<H, T>(self, path: &str, permission: &'static Permission, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.page(Method::PUT, path, permission, on(MethodFilter::PUT, handler))
    }

    /// A form that is sent with files of at most `most` bytes in all.
    #[must_use]
    pub fn upload<H, T>(self, path: &str, permission: &'static Permission, most: usize, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let routes = on(MethodFilter::POST, handler).layer(DefaultBodyLimit::max(most));
        self.page(Method::POST, path, permission, routes)
    }

    fn page(mut self, method: Method, path: &str, permission: &'static Permission, routes: MethodRouter<App>) -> Self {
        self.list.push(RouteInfo { method, path: path.to_owned(), permission, kind: RouteKind::Page });
        self.pages = self.pages.route(path, guarded(routes, permission));
        self
    }

    /// An operation of the API, made with `utoipa_axum::routes!(handler)`. Its path is relative to
    /// `/api/v1`.
    #[must_use]
    pub fn api(mut self, permission: &'static Permission, (schemas, paths, routes): UtoipaMethodRouter<App>) -> Self {
        for (path, item) in &paths.paths {
            let methods = [
                (Method::GET, item.get.is_some()),
                (Method::POST, item.post.is_some()),
                (Method::PUT, item.put.is_some()),
                (Method::PATCH, item.patch.is_some()),
                (Method::DELETE, item.delete.is_some()),
            ];
            for (method, _) in methods.into_iter().filter(|(_, present)| *present) {
                let path = format!("/api/v1{path}");
                self.list.push(RouteInfo { method, path, permission, kind: RouteKind::Api });
            }
        }
        self.api = self.api.routes((schemas, paths, guarded(routes, permission)));
        self
    }

    /// The API's largest body for the operations of `other`.
    #[must_use]
    pub fn api_upload(
        self,
        permission: &'static Permission,
        most: usize,
        (schemas, paths, routes): UtoipaMethodRouter<App>,
    ) -> Self {
        self.api(permission, (schemas, paths, routes.layer(DefaultBodyLimit::max(most))))
    }

    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        self.pages = self.pages.merge(other.pages);
        self.api = self.api.merge(other.api);
        self
    }
}

/// The coarse gate: whether this actor may do such a thing at all. The use case asks again, about
/// the very thing.
fn guarded(routes: MethodRouter<App>, permission: &'static Permission) -> MethodRouter<App> {
    routes.layer(from_fn(move |request: Request, next: Next| async move {
        let reads = request.method().is_safe();
        let asked = request.extensions().get::<Visit>().map(|visit| {
            visit.actor.may_somewhere(permission)?;
            if reads { Ok(()) } else { visit.actor.may_write(permission) }
        });
        match asked {
            Some(Ok(())) => next.run(request).await,
            Some(Err(error)) => Failure(error).into_response(),
            None => Failure(Error::internal("a route outside the visit layer")).into_response(),
        }
    }))
}
