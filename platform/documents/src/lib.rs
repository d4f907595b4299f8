//! Documents that leave the house: archives of files, written while they are sent ([`zip`]), and bundles of a whole case that
//! verify offline ([`archive`]).

pub mod archive;
pub mod zip;
