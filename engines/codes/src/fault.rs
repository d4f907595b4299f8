//! What every fault of this crate can tell a translator.

/// A refusal that a person will read, in whatever language.
///
/// `Display` (from [`std::error::Error`]) is English for developers. Upper floors look up the
/// sentence for people under `fault-` + [`Fault::code`] with the dots turned into hyphens
/// (`uscc.check` becomes `fault-uscc-check`) and fill it with [`Fault::args`]. Every fault type
/// also has both as inherent methods, so the trait needs importing only in generic code.
pub trait Fault: std::error::Error {
    /// A stable dotted string such as `uscc.check`; never reworded once released.
    fn code(&self) -> &'static str;

    /// Named values for the translated sentence, in a fixed order. Never holds a person's number.
    fn args(&self) -> Vec<(&'static str, String)>;
}

/// Make the trait answer what the inherent methods answer.
macro_rules! impl_fault {
    ($fault:ty) => {
        impl $crate::Fault for $fault {
            fn code(&self) -> &'static str {
                <$fault>::code(self)
            }

            fn args(&self) -> Vec<(&'static str, String)> {
                <$fault>::args(self)
            }
        }
    };
}

pub(crate) use impl_fault;
