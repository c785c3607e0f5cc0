//! The key of the data: without it nothing opens, with another nothing starts, and it can be changed.
//!
//! Expectations come from docs/securite.md: a stolen table shows no NIR and no prescription; a wrong or missing key is one clear error at start;
//! the wrapping key is changed without touching the data; what was written in clear before there was a key stays readable.

use crate::{
    app::{App, Setup, key},
    personnes::NIR,
};
use aws_sdk_dynamodb::{
    Client,
    types::AttributeValue::{N, S},
};
use optopec_local::{
    kms::{KEY_FILE, Keys},
    system::{self, Options, System},
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A data folder of a test, gone with it.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        Self(std::env::temp_dir().join(format!("optopec-it-{}-{}", key(), std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn start(folder: &Path) -> App {
    App::with(Setup { data: Some(folder.to_owned()), ..Setup::default() }).await
}

/// Why it does not start.
async fn refused(folder: &Path) -> String {
    match System::start(Options { data: Some(folder.to_owned()), ..Options::default() }).await {
        Ok(_) => panic!("it starts"),
        Err(error) => error.to_string(),
    }
}

/// A dossier in a shop of this name.
async fn write(app: &App, shop: &str) -> String {
    let user = app.user(shop, "GERANT").await;
    user.post("/v1/dossiers", json!({"beneficiaire": {"nom": "MONTFORT", "nir": NIR}})).await.expect(201).id()
}

async fn nir(app: &App, shop: &str, dossier: &str) -> Value {
    app.user(shop, "GERANT").await.get(&format!("/v1/dossiers/{dossier}")).await.expect(200).body["beneficiaire"]["nir"].clone()
}

#[tokio::test]
async fn a_missing_or_wrong_key_is_one_clear_error_and_damages_nothing() {
    let (folder, other) = (Folder::new(), Folder::new());
    let app = start(&folder.0).await;
    let id = write(&app, "demo").await;
    app.system.stop().await;
    let elsewhere = start(&other.0).await;
    elsewhere.system.stop().await;
    let file = folder.0.join(KEY_FILE);
    let right = std::fs::read(&file).unwrap();

    std::fs::remove_file(&file).unwrap();
    let why = refused(&folder.0).await;
    assert!(why.contains(KEY_FILE) && why.contains("manque"), "{why}");
    assert!(!file.exists(), "no new key for old data");

    std::fs::copy(other.0.join(KEY_FILE), &file).unwrap();
    let why = refused(&folder.0).await;
    assert!(why.contains(KEY_FILE) && why.contains("n'est pas celle"), "{why}");

    std::fs::write(&file, "{").unwrap();
    let why = refused(&folder.0).await;
    assert!(why.contains("illisible"), "{why}");
    assert_eq!(std::fs::read(&file).unwrap(), b"{", "a damaged key is not replaced");

    std::fs::write(&file, right).unwrap();
    let app = start(&folder.0).await;
    assert_eq!(nir(&app, "demo", &id).await, NIR);
    app.system.stop().await;
}

#[tokio::test]
async fn two_processes_never_work_on_the_same_data() {
    let folder = Folder::new();
    let app = start(&folder.0).await;
    let why = refused(&folder.0).await;
    assert!(why.contains("déjà"), "{why}");
    app.system.stop().await;
    start(&folder.0).await.system.stop().await;
}

#[tokio::test]
async fn the_wrapping_key_is_changed_and_the_old_one_forgotten() {
    let folder = Folder::new();
    let app = start(&folder.0).await;
    let (first, second) = (write(&app, "demo").await, write(&app, "demo2").await);
    app.system.stop().await;

    let new = Keys::add(&folder.0).unwrap();
    let app = start(&folder.0).await;
    // Before anything is wrapped anew, both keys are at work.
    assert_eq!(nir(&app, "demo", &first).await, NIR);
    let third = write(&app, "made-after").await;
    for role in ["LECTURE", "OPTICIEN", "GERANT"] {
        app.user("demo", role).await.post("/v1/operateur/cles/rotation", json!({})).await.problem(403);
    }
    let operateur = app.user("demo", "OPERATEUR").await;
    let again = key();
    let done = operateur.post_with("/v1/operateur/cles/rotation", &again, json!({})).await.expect(200).body;
    assert_eq!(done["restantes"], 0);
    // The witness and the shops whose key the old one wraps; the shop made after has the new one already.
    assert!(done["rechiffrees"].as_u64().unwrap() >= 3, "{done}");
    assert_eq!(operateur.post_with("/v1/operateur/cles/rotation", &again, json!({})).await.expect(200).body, done);
    assert_eq!(operateur.post("/v1/operateur/cles/rotation", json!({})).await.expect(200).body, json!({"rechiffrees": 0, "restantes": 0}));
    app.system.stop().await;

    assert_eq!(Keys::retire(&folder.0).unwrap(), 1);
    let app = start(&folder.0).await;
    assert_eq!(Keys::open(&folder.0).unwrap().current(), new);
    for (shop, id) in [("demo", &first), ("demo2", &second), ("made-after", &third)] {
        assert_eq!(nir(&app, shop, id).await, NIR, "{shop}");
        assert_eq!(app.user(shop, "GERANT").await.search("/v1/dossiers/recherche", NIR, "dossiers", 10).await.len(), 1);
    }
    app.system.stop().await;
}

#[tokio::test]
async fn forgetting_the_old_key_wraps_what_was_left_first() {
    let folder = Folder::new();
    let app = start(&folder.0).await;
    let id = write(&app, "demo").await;
    assert!(system::forget_old_keys(&folder.0).await.is_err(), "not beside a running system");
    app.system.stop().await;
    Keys::add(&folder.0).unwrap();
    assert_eq!(system::forget_old_keys(&folder.0).await.unwrap(), 1);
    let app = start(&folder.0).await;
    assert_eq!(nir(&app, "demo", &id).await, NIR);
    app.system.stop().await;
}

#[tokio::test]
async fn one_shop_s_content_does_not_open_as_another_s() {
    let app = App::start().await;
    let (first, second) = (write(&app, "demo").await, write(&app, "demo2").await);
    let tables = system::dynamo_client(&app.system.tables.endpoint);
    let (a, b) = (app.user("demo", "GERANT").await, app.user("demo2", "GERANT").await);
    let mut stolen = item(&tables, &a.magasin, &first).await;
    let there = item(&tables, &b.magasin, &second).await;
    for name in ["pk", "sk"] {
        stolen.insert(name.into(), there[name].clone());
    }
    tables.put_item().table_name("optopec-dossiers").set_item(Some(stolen)).send().await.unwrap();
    let answer = b.get(&format!("/v1/dossiers/{second}")).await;
    assert_eq!(answer.status, 500, "{}", answer.text);
    assert!(!answer.text.contains("MONTFORT"));
    app.system.stop().await;
}

#[tokio::test]
async fn a_shop_whose_key_does_not_open_is_told_so_and_the_others_work() {
    let folder = Folder::new();
    let app = start(&folder.0).await;
    let id = write(&app, "malchanceux").await;
    app.system.stop().await;
    let app = start(&folder.0).await;
    let tables = system::dynamo_client(&app.system.tables.endpoint);
    let user = app.user("malchanceux", "GERANT").await;
    let sk = format!("MAG#{}", user.magasin);
    let page = tables.scan().table_name("optopec-dossiers").send().await.unwrap().items.unwrap();
    let mut key = page.into_iter().find(|item| item["sk"] == S(sk.clone()) && item.contains_key("par")).expect("its wrapped key");
    key.insert("doc".into(), S(r#"{"enveloppe":"AAAA"}"#.into()));
    tables.put_item().table_name("optopec-dossiers").set_item(Some(key)).send().await.unwrap();

    let path = format!("/v1/dossiers/{id}");
    let answer = user.get(&path).await.problem(503);
    assert_eq!(answer.kind(), "/problemes/cle-indisponible");
    assert!(answer.headers.contains_key("retry-after"));
    // A rotation does what it can for the others, and says that one is left.
    Keys::add(&folder.0).unwrap();
    // Nothing is written with another key instead.
    user.post("/v1/clients", json!({"nom": "MONTFORT", "nir": NIR})).await.problem(503);
    let other = write(&app, "demo").await;
    assert_eq!(nir(&app, "demo", &other).await, NIR);
    app.system.stop().await;

    let app = start(&folder.0).await;
    let done = app.user("demo", "OPERATEUR").await.post("/v1/operateur/cles/rotation", json!({})).await.expect(200).body;
    assert!(done["restantes"] == 1 && done["rechiffrees"].as_u64() >= Some(3), "{done}");
    assert_eq!(nir(&app, "demo", &other).await, NIR);
    app.system.stop().await;
}

async fn item(tables: &Client, magasin: &str, dossier: &str) -> std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue> {
    let get = tables.get_item().table_name("optopec-dossiers").key("pk", S(format!("MAG#{magasin}"))).key("sk", S(format!("DOS#{dossier}")));
    get.send().await.unwrap().item.unwrap()
}

const ANCIEN: &str = "dos_01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// A dossier and its place as the first version wrote them: in clear, the NIR under a hash without a key (SHA-256 of shop, NUL, number, NUL).
/// Gives the number.
async fn plant(tables: &Client, magasin: &str) -> String {
    let pk = format!("MAG#{magasin}");
    let shape = include_str!("../../shared/store/fixtures/dossier.json");
    let number = serde_json::from_str::<Value>(shape).unwrap()["beneficiaire"]["nir"].as_str().unwrap().to_owned();
    let put = |sk: String| tables.put_item().table_name("optopec-dossiers").item("pk", S(pk.clone())).item("sk", S(sk)).item("v", N("1".into()));
    put(format!("DOS#{ANCIEN}")).item("doc", S(shape.into())).item("ver", N("3".into())).send().await.unwrap();
    put(unkeyed(magasin, &number)).send().await.unwrap();
    number
}

fn unkeyed(magasin: &str, number: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("{magasin}\0{number}\0").as_bytes());
    let hash: String = digest.as_ref().iter().take(16).map(|b| format!("{b:02x}")).collect();
    format!("DNIR#{hash}#{ANCIEN}")
}

/// Sealed, found, and nobody can try numbers out on its place any more.
async fn sealed_now(tables: &Client, user: &crate::app::User, number: &str) {
    let after = item(tables, &user.magasin, ANCIEN).await;
    assert!(after.contains_key("c") && !after.contains_key("doc") && after.contains_key("ttl") && after["v"] == N("2".into()), "{:?}", after.keys());
    let place = tables.get_item().table_name("optopec-dossiers").key("pk", S(format!("MAG#{}", user.magasin))).key("sk", S(unkeyed(&user.magasin, number)));
    assert!(place.send().await.unwrap().item.is_none());
    assert_eq!(user.search("/v1/dossiers/recherche", number, "dossiers", 10).await.len(), 1);
    assert_eq!(user.get(&format!("/v1/dossiers/{ANCIEN}")).await.expect(200).body["beneficiaire"]["nir"], number);
}

#[tokio::test]
async fn what_was_written_in_clear_stays_readable_and_is_sealed_by_its_next_write() {
    let app = App::start().await;
    let gerant = app.user("demo", "GERANT").await;
    let tables = system::dynamo_client(&app.system.tables.endpoint);
    let number = plant(&tables, &gerant.magasin).await;
    let path = format!("/v1/dossiers/{ANCIEN}");
    let read = gerant.get(&path).await.expect(200);
    assert_eq!((&read.body["version"], read.body["beneficiaire"]["nir"].as_str()), (&json!(3), Some(number.as_str())));
    assert_eq!(gerant.search("/v1/dossiers/recherche", &number, "dossiers", 10).await.len(), 1);
    let mut body = read.body.clone();
    body["client_id"] = Value::Null;
    body["beneficiaire"]["prenom"] = "Autre".into();
    gerant.put(&path, &read.etag, body).await.expect(200);
    sealed_now(&tables, &gerant, &number).await;
    app.system.stop().await;
}

#[tokio::test]
async fn tables_of_before_there_was_a_key_are_sealed_at_their_first_start_with_one() {
    let folder = Folder::new();
    let app = start(&folder.0).await;
    let gerant = app.user("demo", "GERANT").await;
    let tables = system::dynamo_client(&app.system.tables.endpoint);
    let number = plant(&tables, &gerant.magasin).await;
    // What tells that they have been sealed goes.
    tables.delete_item().table_name("optopec-dossiers").key("pk", S("CLES".into())).key("sk", S("TEMOIN".into())).send().await.unwrap();
    app.system.stop().await;
    let held = |folder: &Path| std::fs::read(folder.join("tables.sqlite")).unwrap().windows(number.len()).any(|w| w == number.as_bytes());
    assert!(held(&folder.0), "the number is there to be found");

    let app = start(&folder.0).await;
    let gerant = app.user("demo", "GERANT").await;
    let tables = system::dynamo_client(&app.system.tables.endpoint);
    sealed_now(&tables, &gerant, &number).await;
    assert_eq!(gerant.get(&format!("/v1/dossiers/{ANCIEN}")).await.expect(200).body["version"], 3);
    app.system.stop().await;
    assert!(!held(&folder.0), "nor in what the file no longer uses");
}
