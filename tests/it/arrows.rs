//! Who may import whom: read from `cargo metadata`, so that a wrong arrow fails before anybody reviews it.

use serde_json::Value;
use std::process::Command;

/// A crate of ours, and what of ours it may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain"]),
    ("concentrateur", &["domain"]),
    ("exchange", &["domain", "store", "concentrateur"]),
    ("lambda", &["domain", "store"]),
    ("mutuelles", &["domain", "store", "lambda", "concentrateur"]),
    ("dossiers", &["domain", "store", "lambda"]),
    ("pec-submission", &["domain", "store", "lambda"]),
    ("credits", &["domain", "store", "lambda"]),
    ("printing", &["domain", "store", "lambda"]),
    ("pec-transmission", &["lambda", "exchange"]),
    ("status-refresh", &["store", "lambda", "exchange"]),
    ("concentrateur-demo", &["domain", "store", "lambda"]),
    (
        "local",
        &[
            "domain",
            "store",
            "concentrateur",
            "exchange",
            "lambda",
            "mutuelles",
            "dossiers",
            "pec-submission",
            "credits",
            "printing",
            "pec-transmission",
            "status-refresh",
            "concentrateur-demo",
        ],
    ),
    ("tests", &["local", "lambda"]),
];

/// Stand-ins for AWS: nobody else knows them, tests included, so that whatever is tested against them goes through the whole system.
const EMULATORS: [&str; 2] = ["dynoxide-rs", "winterbaume-sqs"];

/// Libraries that only some crates may use; in their unit tests, all may.
const RESERVED: &[(&str, &[&str])] = &[
    ("jsonwebtoken", &["local"]),
    ("serde", &["store", "lambda", "mutuelles", "dossiers", "pec-submission", "credits", "status-refresh", "concentrateur-demo", "local"]),
    ("aws-sdk-dynamodb", &["store", "lambda", "local"]),
    ("aws-sdk-sqs", &["lambda", "local"]),
    ("typst", &["printing"]),
    ("quick-xml", &["concentrateur", "concentrateur-demo"]),
    ("reqwest", &["concentrateur", "local", "tests"]),
];

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn dependencies(package: &Value) -> impl Iterator<Item = (&str, bool)> {
    package["dependencies"].as_array().unwrap().iter().map(|d| (d["name"].as_str().unwrap(), d["kind"] == "dev"))
}

#[test]
fn every_arrow_between_crates_is_allowed() {
    let packages = packages();
    assert_eq!(packages.len(), ARROWS.len(), "a crate is missing from the table of arrows");
    for package in &packages {
        let name = package["name"].as_str().unwrap().strip_prefix("optopec-").expect("package names carry the prefix optopec-");
        let (_, allowed) = ARROWS.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("{name} is not in the table of arrows"));
        for (dependency, _) in dependencies(package) {
            if let Some(ours) = dependency.strip_prefix("optopec-") {
                assert!(allowed.contains(&ours), "{name} may not depend on {ours}");
            }
        }
    }
}

#[test]
fn reserved_libraries_stay_where_they_belong() {
    for package in packages() {
        let name = package["name"].as_str().unwrap().trim_start_matches("optopec-").to_owned();
        for (dependency, dev) in dependencies(&package) {
            assert!(name == "local" || !EMULATORS.contains(&dependency), "{name} may not depend on {dependency}, nor its tests");
            if let Some((_, allowed)) = RESERVED.iter().find(|(n, _)| *n == dependency) {
                assert!(dev || allowed.contains(&name.as_str()), "{name} may not depend on {dependency}");
            }
        }
    }
}

#[test]
fn the_domain_does_no_io() {
    let forbidden = ["tokio", "reqwest", "axum", "http", "serde", "serde_json", "aws-sdk-dynamodb", "aws-sdk-sqs", "lambda_http", "lambda_runtime", "tracing"];
    for package in packages() {
        if package["name"] == "optopec-domain" {
            for (dependency, dev) in dependencies(&package) {
                assert!(dev || !forbidden.contains(&dependency), "domain may not depend on {dependency}");
            }
        }
    }
}

/// Which of the libraries that serve HTTP are linked into a function when it alone is built.
fn frameworks(function: &str) -> Vec<&'static str> {
    let package = format!("optopec-{function}");
    let tree = ["tree", "--package", &package, "--edges", "normal", "--prefix", "none", "--format", "{p}", "--locked"];
    let output = Command::new(env!("CARGO")).args(tree).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.starts_with(&package), "{tree}");
    ["axum", "lambda_http", "utoipa", "matchit"].into_iter().filter(|name| tree.lines().any(|line| line.split(' ').next() == Some(name))).collect()
}

#[test]
fn the_functions_of_queues_and_of_the_sweep_carry_no_http_framework() {
    for function in ["pec-transmission", "status-refresh"] {
        assert_eq!(frameworks(function), [""; 0], "{function}");
    }
    // The look itself finds them where they are.
    assert_eq!(frameworks("credits"), ["axum", "lambda_http", "utoipa", "matchit"]);
}

#[test]
fn only_lambda_knows_the_status_codes_of_our_api() {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    for folder in [
        "functions/mutuelles",
        "functions/dossiers",
        "functions/pec-submission",
        "functions/credits",
        "functions/printing",
        "functions/pec-transmission",
        "functions/status-refresh",
        "shared/domain",
        "shared/store",
        "shared/exchange",
    ] {
        let mut stack = vec![root.join(folder).join("src")];
        while let Some(path) = stack.pop() {
            if path.is_dir() {
                stack.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                assert!(!text.contains("StatusCode::"), "{} names a status code", path.display());
            }
        }
    }
}
