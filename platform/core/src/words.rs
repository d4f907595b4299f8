//! Enums that are words in the database, on the API and in the locales.

/// Makes an enum of words. The crate that uses it depends on `serde` and `utoipa`.
///
/// `words!(/// doc … Name, "prefix-" { /// doc … Variant = "code", … });` gives `ALL`, `code`, `from_code` and the key of each
/// word's name in the locales.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $prefix:literal { $($(#[$one:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$one])* $variant,)+
        }

        impl $name {
            /// Every one, in the order of screens.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the database and on the API.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// By its word.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }

            /// The key of its name in the locales.
            pub fn message_key(self) -> String {
                format!(concat!($prefix, "{}"), self.code().replace('_', "-"))
            }
        }
    };
}
