//! Bills of materials: CycloneDX 1.6 and SPDX 2.3, as JSON. The library for CycloneDX writes no version after 1.5, and neither
//! format wants more than plain JSON, so they are written here; outside validators check them.

use serde_json::{Value, json};

use crate::report::{Component, Report};

/// A number that only depends on what the report holds, for names that have to be unique.
fn identity(report: &Report) -> u128 {
    let mut sum: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let mut add = |text: &str| {
        for byte in text.bytes().chain([0]) {
            sum = (sum ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
        }
    };
    add(&report.root);
    report.components.iter().for_each(|component| {
        add(&component.purl);
        component.places.iter().for_each(|seen| add(&seen.path));
    });
    sum
}

/// The identity as a UUID of version 8 (RFC 9562): made by an own rule.
fn uuid(report: &Report) -> String {
    let number = (identity(report) & !(0xf << 76) & !(0x3 << 62)) | (0x8 << 76) | (0x2 << 62);
    let text = format!("{number:032x}");
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

/// Maven's group and npm's scope, and the rest of a name.
fn split(component: &Component) -> (Option<&str>, &str) {
    let mark = if component.ecosystem == "maven" { ':' } else { '/' };
    match component
        .name
        .rsplit_once(mark)
        .filter(|_| matches!(component.ecosystem.as_str(), "maven" | "npm" | "golang"))
    {
        Some((group, name)) => (Some(group), name),
        None => (None, &component.name),
    }
}

fn of_cyclonedx(component: &Component) -> Value {
    let (group, name) = split(component);
    let places: Vec<Value> = component
        .places
        .iter()
        .map(|seen| {
            if seen.line > 0 {
                json!({"location": seen.path, "line": seen.line})
            } else {
                json!({"location": seen.path})
            }
        })
        .collect();
    let mut value = json!({
        "type": "library",
        "bom-ref": component.purl,
        "name": name,
        "purl": component.purl,
        "scope": if component.development { "excluded" } else { "required" },
        "evidence": {"occurrences": places},
    });
    if let Some(group) = group {
        value["group"] = json!(group);
    }
    if !component.version.is_empty() {
        value["version"] = json!(component.version);
    }
    value
}

/// CycloneDX 1.6 (ECMA-424). It has no time in it: the same input gives the same bytes.
pub fn cyclonedx(report: &Report) -> String {
    let components: Vec<Value> = report.components.iter().map(of_cyclonedx).collect();
    let names: Vec<&str> = report.components.iter().map(|component| component.purl.as_str()).collect();
    let bom = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": format!("urn:uuid:{}", uuid(report)),
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": "pre-build"}],
            "tools": {"components": [{"type": "application", "name": "jinmen assess"}]},
            "component": {"type": "application", "bom-ref": "root", "name": report.root},
        },
        "components": components,
        "dependencies": [{"ref": "root", "dependsOn": names}],
        "compositions": [{"aggregate": "incomplete", "assemblies": ["root"]}],
    });
    serde_json::to_string_pretty(&bom).unwrap_or_default() + "\n"
}

/// A reference of SPDX: letters, digits, dots and hyphens.
fn reference(index: usize) -> String {
    format!("SPDXRef-Package-{index}")
}

/// SPDX 2.3 (ISO/IEC 5962). `created` is a time as `2025-06-30T00:00:00Z`, which the format asks for; hand in the same to get
/// the same bytes.
pub fn spdx(report: &Report, created: &str) -> String {
    let root = json!({
        "SPDXID": "SPDXRef-Root",
        "name": report.root,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": false,
        "primaryPackagePurpose": "APPLICATION",
    });
    let packages = report.components.iter().enumerate().map(|(index, component)| {
        let places: Vec<String> = component.places.iter().take(20).map(|seen| format!("{}:{}", seen.path, seen.line)).collect();
        let mut package = json!({
            "SPDXID": reference(index),
            "name": component.name,
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": false,
            "sourceInfo": places.join(", "),
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": component.purl}],
        });
        if !component.version.is_empty() {
            package["versionInfo"] = json!(component.version);
        }
        package
    });
    let relations = report.components.iter().enumerate().map(|(index, component)| {
        let (from, kind, to) = if component.development {
            (reference(index), "DEV_DEPENDENCY_OF", "SPDXRef-Root".to_owned())
        } else {
            ("SPDXRef-Root".to_owned(), "DEPENDS_ON", reference(index))
        };
        json!({"spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to})
    });
    let describes = json!({"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-Root"});
    let document = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": report.root,
        "documentNamespace": format!("https://spdx.org/spdxdocs/jinmen-assess-{}", uuid(report)),
        "creationInfo": {"created": created, "creators": ["Tool: jinmen-assess"]},
        "packages": std::iter::once(root).chain(packages).collect::<Vec<Value>>(),
        "relationships": std::iter::once(describes).chain(relations).collect::<Vec<Value>>(),
    });
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}
