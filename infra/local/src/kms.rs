//! The master keys: AWS KMS as far as the product uses it, spoken to over KMS's own JSON wire.
//!
//! In AWS a master key never leaves KMS; here it is a private file beside the tables. It protects a copy of the tables
//! that went somewhere without it (a backup, a disk), not against whoever reads the whole data folder.
//!
//! What must hold: what the SDK sends is what is read here, and what KMS refuses is refused with the same error; a blob
//! opens only under the encryption context it was made with, and only as a whole; a key file that was made is never
//! made anew, since every data key out there depends on it; no key shows in `Debug`, a log or an error text.
//!
//! Deliberately absent: everything but data keys under symmetric keys (aliases, grants, policies, dry runs, the
//! direct `Encrypt`), which is refused, never ignored; a key set that changes while the system runs: the file is read at
//! start; two commands that write the key file at the same time.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/>.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::queues::REGION;

/// Name of the file that keeps the master keys, in the data folder.
pub const KEY_FILE: &str = "cle-maitre.json";

const KEY_BYTES: usize = 32;
/// Random bytes of an id, written in hex behind its prefix.
const ID_BYTES: usize = 8;
const ID_PREFIX: &str = "cle-";
/// The largest data key KMS makes.
const MAX_DATA_KEY_BYTES: usize = 1024;
/// First byte of every blob.
const BLOB_VERSION: u8 = 1;

/// The master keys: one is used for what is new, the others open what they once wrapped.
#[derive(Debug)]
pub struct Keys {
    current: String,
    // Its `Debug` names the algorithm, nothing more.
    by_id: BTreeMap<String, RandomizedNonceKey>,
}

/// The key file. No `Debug`: these are the keys.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    actuelle: String,
    /// Id → base64.
    cles: BTreeMap<String, String>,
}

impl Keys {
    /// One fresh key that ends with the process.
    ///
    /// # Errors
    /// No randomness.
    pub fn memory() -> io::Result<Self> {
        Self::read(&Kept::fresh()?)
    }

    /// Whether the folder has a key file, readable or not.
    #[must_use]
    pub fn exists(folder: &Path) -> bool {
        folder.join(KEY_FILE).exists()
    }

    /// The keys of a data folder. The first one is made where there is no key file.
    ///
    /// # Errors
    /// The folder cannot be used, or its key file is not one this version wrote ([`io::ErrorKind::InvalidData`]). A bad
    /// file is not replaced: whatever can be saved of it opens data that nothing else opens.
    pub fn open(folder: &Path) -> io::Result<Self> {
        match Kept::load(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let kept = Kept::fresh()?;
                kept.save(folder)?;
                Self::read(&kept)
            }
            kept => Self::read(&kept?),
        }
    }

    /// First part of a rotation: makes a new key the current one beside the former ones, and gives its id. The running
    /// system learns of it at its next start.
    ///
    /// # Errors
    /// There is no key file ([`io::ErrorKind::NotFound`]; one made here would hide that the keys of the data are gone),
    /// it is damaged, or it cannot be written.
    pub fn add(folder: &Path) -> io::Result<String> {
        let mut kept = Kept::load(folder)?;
        Self::read(&kept)?;
        let Kept { actuelle, cles } = Kept::fresh()?;
        kept.cles.extend(cles);
        kept.actuelle.clone_from(&actuelle);
        kept.save(folder)?;
        Ok(actuelle)
    }

    /// Last part of a rotation: forgets every key but the current one, and gives how many went. What they alone open is
    /// lost with them.
    ///
    /// # Errors
    /// There is no key file, it is damaged, or it cannot be written.
    pub fn retire(folder: &Path) -> io::Result<usize> {
        let mut kept = Kept::load(folder)?;
        Self::read(&kept)?;
        let before = kept.cles.len();
        kept.cles.retain(|id, _| *id == kept.actuelle);
        let gone = before - kept.cles.len();
        if gone > 0 {
            kept.save(folder)?;
        }
        Ok(gone)
    }

    /// The id of the current key.
    #[must_use]
    pub fn current(&self) -> &str {
        &self.current
    }

    fn read(kept: &Kept) -> io::Result<Self> {
        let mut by_id = BTreeMap::new();
        for (id, text) in &kept.cles {
            let bytes = STANDARD.decode(text).ok().filter(|bytes| is_id(id) && bytes.len() == KEY_BYTES).ok_or_else(damaged)?;
            by_id.insert(id.clone(), RandomizedNonceKey::new(&AES_256_GCM, &bytes).map_err(|_| damaged())?);
        }
        if !by_id.contains_key(&kept.actuelle) {
            return Err(damaged());
        }
        Ok(Self { current: kept.actuelle.clone(), by_id })
    }

    /// The key that a request names by its id, or by an address that ends with it.
    fn named(&self, key_id: &str) -> Result<(&str, &RandomizedNonceKey), Refused> {
        let id = key_id.rsplit_once('/').map_or(key_id, |(_, id)| id);
        let found = self.by_id.get_key_value(id).map(|(id, key)| (id.as_str(), key));
        found.ok_or_else(|| Refused::new("NotFoundException", "The key does not exist."))
    }

    /// Version, length of the key's id, the id, nonce, ciphertext, tag.
    fn seal(&self, key_id: &str, plaintext: &[u8], context: &Context) -> Result<(&str, String), Refused> {
        let (id, key) = self.named(key_id)?;
        let mut body = plaintext.to_vec();
        let nonce = key.seal_in_place_append_tag(Aad::from(canonical(context)), &mut body).map_err(|_| Refused::internal())?;
        let length = u8::try_from(id.len()).map_err(|_| Refused::internal())?;
        let blob = [&[BLOB_VERSION, length], id.as_bytes(), nonce.as_ref(), &body].concat();
        Ok((id, STANDARD.encode(blob)))
    }

    /// The id of the key, and what the blob holds.
    fn open_blob(&self, blob: &str, key_id: Option<&str>, context: &Context) -> Result<(&str, Vec<u8>), Refused> {
        let invalid = || Refused::new("InvalidCiphertextException", "The ciphertext or the encryption context is not valid.");
        let blob = STANDARD.decode(blob).map_err(|_| Refused::malformed())?;
        let (id, nonce, body) = split(&blob).ok_or_else(invalid)?;
        if let Some(key_id) = key_id
            && self.named(key_id)?.0 != id
        {
            return Err(Refused::new("IncorrectKeyException", "The key in the request is not the key of the ciphertext."));
        }
        // A key that was retired and an id that never was look the same.
        let (id, key) = self.by_id.get_key_value(id).ok_or_else(invalid)?;
        let mut body = body.to_vec();
        let plaintext = key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(canonical(context)), &mut body).map_err(|_| invalid())?;
        Ok((id, plaintext.to_vec()))
    }
}

impl Kept {
    fn fresh() -> io::Result<Self> {
        let id = ID_PREFIX.to_owned() + &random::<ID_BYTES>()?.map(|byte| format!("{byte:02x}")).concat();
        Ok(Self { cles: BTreeMap::from([(id.clone(), STANDARD.encode(random::<KEY_BYTES>()?))]), actuelle: id })
    }

    fn load(folder: &Path) -> io::Result<Self> {
        let bytes = std::fs::read(folder.join(KEY_FILE)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                let words = format!("{KEY_FILE} n'est pas dans le dossier {} ; optopec le crée à son premier démarrage", folder.display());
                io::Error::new(io::ErrorKind::NotFound, words)
            }
            _ => error,
        })?;
        // What serde says of a file quotes it.
        serde_json::from_slice(&bytes).map_err(|_| damaged())
    }

    fn save(&self, folder: &Path) -> io::Result<()> {
        crate::clock::replace_file(&folder.join(KEY_FILE), &serde_json::to_vec(self)?)?;
        // Nothing may be wrapped by a key that a power cut could still take away.
        std::fs::File::open(folder)?.sync_all()
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{KEY_FILE} est abîmé ; il n'est pas remplacé : remettez-le depuis une sauvegarde"))
}

fn is_id(text: &str) -> bool {
    let hex = text.strip_prefix(ID_PREFIX).unwrap_or_default();
    hex.len() == 2 * ID_BYTES && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

pub(crate) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| io::Error::other("le système ne donne pas de nombres aléatoires"))?;
    Ok(bytes)
}

fn split(blob: &[u8]) -> Option<(&str, &[u8; NONCE_LEN], &[u8])> {
    let (&[version, length], rest) = blob.split_first_chunk()?;
    let (id, rest) = rest.split_at_checked(length.into())?;
    let (nonce, body) = rest.split_first_chunk()?;
    (version == BLOB_VERSION).then_some((std::str::from_utf8(id).ok()?, nonce, body))
}

/// One text per context: sorted by name, each part behind its length, so that no two contexts read the same.
fn canonical(context: &Context) -> Vec<u8> {
    let parts = context.iter().flat_map(|(name, value)| [name, value]);
    parts.flat_map(|part| [&(part.len() as u64).to_be_bytes(), part.as_bytes()].concat()).collect()
}

/// The running stand-in. Dropped, it stops as soon as it can; [`Kms::stop`] waits for it.
#[derive(Debug)]
pub struct Kms {
    /// Where the SDK finds it: `http://127.0.0.1:…`.
    pub endpoint: String,
    /// Id of the key that wraps from now on.
    pub cle: String,
    client: Client,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

/// Starts with these keys.
///
/// # Errors
/// No port is free.
pub async fn start(keys: Keys) -> io::Result<Kms> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let cle = keys.current().to_owned();
    let router = Router::new().fallback(serve).with_state(Arc::new(keys));
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(async { drop(stopped.await) });
        if let Err(error) = served.await {
            tracing::error!(%error, "the master keys stopped serving");
        }
    });
    Ok(Kms { client: client(&endpoint), endpoint, cle, stop, server })
}

impl Kms {
    /// The SDK's client for these keys.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Stops: requests under way are answered.
    pub async fn stop(self) {
        drop(self.stop);
        if let Err(error) = self.server.await {
            tracing::error!(%error, "the master keys did not end well");
        }
    }
}

/// The SDK's client for whatever listens at this address, be it nothing.
#[must_use]
pub fn client(endpoint: &str) -> Client {
    let config = aws_sdk_kms::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(endpoint)
        // The emulators are on this machine: a proxy of the environment must not come between.
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

/// The encryption context, sorted by its names.
type Context = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GenerateDataKey {
    key_id: String,
    key_spec: Option<String>,
    number_of_bytes: Option<usize>,
    #[serde(default)]
    encryption_context: Context,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Decrypt {
    ciphertext_blob: String,
    key_id: Option<String>,
    #[serde(default)]
    encryption_context: Context,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ReEncrypt {
    ciphertext_blob: String,
    source_key_id: Option<String>,
    #[serde(default)]
    source_encryption_context: Context,
    destination_key_id: String,
    #[serde(default)]
    destination_encryption_context: Context,
}

/// An error as KMS names it. Its message never quotes the request, which holds keys and contexts.
struct Refused {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

impl Refused {
    fn new(code: &'static str, message: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, message }
    }

    fn malformed() -> Self {
        Self::new("ValidationException", "A parameter is missing, of another form, or not part of the local system.")
    }

    fn internal() -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: "KMSInternalException", message: "The request could not be processed." }
    }
}

async fn serve(State(keys): State<Arc<Keys>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.strip_prefix("TrentService.")).unwrap_or_default();
    let json = [(CONTENT_TYPE, "application/x-amz-json-1.1")];
    match perform(&keys, operation, &body) {
        Ok(answer) => (json, answer.to_string()).into_response(),
        Err(Refused { status, code, message }) => {
            let body = json!({"__type": code, "message": message});
            (status, json, [("x-amzn-errortype", code)], body.to_string()).into_response()
        }
    }
}

fn perform(keys: &Keys, operation: &str, body: &[u8]) -> Result<Value, Refused> {
    match operation {
        "GenerateDataKey" => {
            let GenerateDataKey { key_id, key_spec, number_of_bytes, encryption_context } = parse(body)?;
            let bytes = match (key_spec.as_deref(), number_of_bytes) {
                (Some("AES_256"), None) => 32,
                (Some("AES_128"), None) => 16,
                (None, Some(bytes @ 1..=MAX_DATA_KEY_BYTES)) => bytes,
                _ => return Err(Refused::malformed()),
            };
            let mut plaintext = vec![0; bytes];
            aws_lc_rs::rand::fill(&mut plaintext).map_err(|_| Refused::internal())?;
            let (id, blob) = keys.seal(&key_id, &plaintext, &encryption_context)?;
            Ok(json!({"CiphertextBlob": blob, "Plaintext": STANDARD.encode(plaintext), "KeyId": id}))
        }
        "Decrypt" => {
            let Decrypt { ciphertext_blob, key_id, encryption_context } = parse(body)?;
            let (id, plaintext) = keys.open_blob(&ciphertext_blob, key_id.as_deref(), &encryption_context)?;
            Ok(json!({"KeyId": id, "Plaintext": STANDARD.encode(plaintext), "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}))
        }
        "ReEncrypt" => {
            let request: ReEncrypt = parse(body)?;
            let (source, plaintext) = keys.open_blob(&request.ciphertext_blob, request.source_key_id.as_deref(), &request.source_encryption_context)?;
            let (id, blob) = keys.seal(&request.destination_key_id, &plaintext, &request.destination_encryption_context)?;
            Ok(json!({
                "CiphertextBlob": blob,
                "SourceKeyId": source,
                "KeyId": id,
                "SourceEncryptionAlgorithm": "SYMMETRIC_DEFAULT",
                "DestinationEncryptionAlgorithm": "SYMMETRIC_DEFAULT",
            }))
        }
        _ => Err(Refused::new("UnsupportedOperationException", "The operation is not part of the local system.")),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|_| Refused::malformed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
    use aws_sdk_kms::operation::decrypt::DecryptError;
    use aws_sdk_kms::operation::generate_data_key::GenerateDataKeyOutput;
    use aws_sdk_kms::primitives::Blob;
    use aws_sdk_kms::types::DataKeySpec;
    use std::collections::HashMap;
    use std::path::PathBuf;

    struct Folder(PathBuf);

    impl Folder {
        fn new(test: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("optopec-cles-{test}-{}", std::process::id()));
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn file(&self) -> PathBuf {
            self.0.join(KEY_FILE)
        }

        fn content(&self) -> Value {
            serde_json::from_slice(&std::fs::read(self.file()).unwrap()).unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn context(pairs: &[(&str, &str)]) -> Option<HashMap<String, String>> {
        Some(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    async fn one() -> (Kms, Client, String) {
        let keys = Keys::memory().unwrap();
        let id = keys.current().to_owned();
        let kms = start(keys).await.unwrap();
        let client = kms.client();
        (kms, client, id)
    }

    async fn data_key(client: &Client, id: &str, pairs: &[(&str, &str)]) -> GenerateDataKeyOutput {
        client.generate_data_key().key_id(id).key_spec(DataKeySpec::Aes256).set_encryption_context(context(pairs)).send().await.unwrap()
    }

    async fn decrypt(client: &Client, blob: &[u8], pairs: &[(&str, &str)]) -> Result<Vec<u8>, DecryptError> {
        let answer = client.decrypt().ciphertext_blob(Blob::new(blob)).set_encryption_context(context(pairs)).send().await;
        answer.map(|answer| answer.plaintext.unwrap().into_inner()).map_err(SdkError::into_service_error)
    }

    async fn refused_as_invalid(client: &Client, blob: &[u8], pairs: &[(&str, &str)]) -> bool {
        decrypt(client, blob, pairs).await.is_err_and(|error| error.is_invalid_ciphertext_exception())
    }

    fn code<E: ProvideErrorMetadata, T: std::fmt::Debug>(answer: Result<T, SdkError<E>>) -> String {
        answer.err().unwrap().code().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_data_key_comes_back_from_its_blob() {
        let (_kms, client, id) = one().await;
        let made = data_key(&client, &id, &[("magasin", "mag_1"), ("usage", "nir")]).await;
        let (plaintext, blob) = (made.plaintext().unwrap().as_ref(), made.ciphertext_blob().unwrap().as_ref());
        assert_eq!((made.key_id(), plaintext.len()), (Some(id.as_str()), 32));
        assert!(!blob.windows(8).any(|part| part == &plaintext[..8]), "the blob does not hold the key in clear");
        // A context is a set: its order says nothing.
        assert_eq!(decrypt(&client, blob, &[("usage", "nir"), ("magasin", "mag_1")]).await.unwrap(), plaintext);

        // Two data keys are two keys, and so are the blobs.
        let other = data_key(&client, &id, &[]).await;
        assert!(other.plaintext() != made.plaintext() && other.ciphertext_blob() != made.ciphertext_blob());

        let address = format!("arn:aws:kms:eu-west-3:000000000000:key/{id}");
        let answer = client.generate_data_key().key_id(&address).number_of_bytes(1024).send().await.unwrap();
        assert_eq!((answer.key_id(), answer.plaintext().unwrap().as_ref().len()), (Some(id.as_str()), 1024));
        let answer = client.decrypt().key_id(address).ciphertext_blob(answer.ciphertext_blob.unwrap()).send().await.unwrap();
        assert_eq!(answer.key_id(), Some(id.as_str()));
    }

    #[tokio::test]
    async fn a_blob_opens_under_its_own_context_only() {
        let (_kms, client, id) = one().await;
        let blob = data_key(&client, &id, &[("magasin", "mag_1")]).await.ciphertext_blob.unwrap();
        let others: [&[(&str, &str)]; 6] =
            [&[], &[("magasin", "mag_2")], &[("magasin", "MAG_1")], &[("magasi", "nmag_1")], &[("mag_1", "magasin")], &[("magasin", "mag_1"), ("usage", "")]];
        for other in others {
            assert!(refused_as_invalid(&client, blob.as_ref(), other).await, "{other:?}");
        }
        assert!(decrypt(&client, blob.as_ref(), &[("magasin", "mag_1")]).await.is_ok());
    }

    #[tokio::test]
    async fn a_byte_changed_anywhere_and_a_blob_cut_short_are_refused() {
        let (_kms, client, id) = one().await;
        let blob = data_key(&client, &id, &[]).await.ciphertext_blob.unwrap().into_inner();
        for place in 0..blob.len() {
            let mut changed = blob.clone();
            changed[place] ^= 1;
            assert!(refused_as_invalid(&client, &changed, &[]).await, "byte {place}");
        }
        for length in [0, 1, 2, 10, 30, blob.len() - 1] {
            assert!(refused_as_invalid(&client, &blob[..length], &[]).await, "{length} bytes");
        }
        let longer = [&blob[..], &[0]].concat();
        assert!(refused_as_invalid(&client, &longer, &[]).await);
    }

    #[tokio::test]
    async fn refuses_what_kms_refuses() {
        let folder = Folder::new("refuse");
        let first = Keys::open(&folder.0).unwrap().current().to_owned();
        let second = Keys::add(&folder.0).unwrap();
        let kms = start(Keys::open(&folder.0).unwrap()).await.unwrap();
        let client = kms.client();
        let blob = data_key(&client, &first, &[]).await.ciphertext_blob.unwrap();
        let unknown = "cle-0123456789abcdef";

        let error = client.generate_data_key().key_id(unknown).key_spec(DataKeySpec::Aes256).send().await.unwrap_err();
        assert!(error.into_service_error().is_not_found_exception());
        let error = client.decrypt().key_id(unknown).ciphertext_blob(blob.clone()).send().await.unwrap_err();
        assert!(error.into_service_error().is_not_found_exception());
        let error = client.decrypt().key_id(&second).ciphertext_blob(blob.clone()).send().await.unwrap_err();
        assert!(error.into_service_error().is_incorrect_key_exception());
        let move_to = |key: &str| client.re_encrypt().ciphertext_blob(blob.clone()).destination_key_id(key);
        assert!(move_to(unknown).send().await.unwrap_err().into_service_error().is_not_found_exception());
        assert!(move_to(&first).source_key_id(&second).send().await.unwrap_err().into_service_error().is_incorrect_key_exception());
        let error = move_to(&second).source_encryption_context("a", "b").send().await.unwrap_err();
        assert!(error.into_service_error().is_invalid_ciphertext_exception());

        let ask = || client.generate_data_key().key_id(&first);
        assert_eq!(code(ask().send().await), "ValidationException", "no size");
        assert_eq!(code(ask().key_spec(DataKeySpec::Aes256).number_of_bytes(32).send().await), "ValidationException", "two sizes");
        assert_eq!(code(ask().number_of_bytes(1025).send().await), "ValidationException");
        assert_eq!(code(ask().number_of_bytes(0).send().await), "ValidationException");
        assert_eq!(code(ask().number_of_bytes(32).dry_run(true).send().await), "ValidationException", "refused, not ignored");
        assert_eq!(code(client.list_keys().send().await), "UnsupportedOperationException");
    }

    #[tokio::test]
    async fn an_error_is_written_as_kms_writes_it() {
        let (kms, _client, _) = one().await;
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        let request = http.post(&kms.endpoint).header("x-amz-target", "TrentService.GenerateDataKey");
        let answer = request.body(r#"{"KeyId":"cle-0123456789abcdef","KeySpec":"AES_256"}"#).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        assert_eq!(answer.headers()["content-type"], "application/x-amz-json-1.1");
        assert_eq!(answer.headers()["x-amzn-errortype"], "NotFoundException");
        let body: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        assert_eq!(body["__type"], "NotFoundException");
        assert!(body["message"].is_string());
    }

    #[tokio::test]
    async fn what_was_moved_to_the_new_key_outlives_the_old_one_and_the_rest_does_not() {
        let folder = Folder::new("rotation");
        let old = Keys::open(&folder.0).unwrap().current().to_owned();
        let kms = start(Keys::open(&folder.0).unwrap()).await.unwrap();
        let made = data_key(&kms.client(), &old, &[("magasin", "mag_1")]).await;
        let blob = made.ciphertext_blob.unwrap();
        kms.stop().await;

        let new = Keys::add(&folder.0).unwrap();
        let kms = start(Keys::open(&folder.0).unwrap()).await.unwrap();
        let client = kms.client();
        assert_eq!(decrypt(&client, blob.as_ref(), &[("magasin", "mag_1")]).await.unwrap(), made.plaintext.clone().unwrap().into_inner());
        let moved = client.re_encrypt().ciphertext_blob(blob.clone()).source_encryption_context("magasin", "mag_1").destination_key_id(&new);
        let moved = moved.destination_encryption_context("magasin", "mag_2").send().await.unwrap();
        assert_eq!((moved.source_key_id(), moved.key_id()), (Some(old.as_str()), Some(new.as_str())));
        let moved = moved.ciphertext_blob.unwrap();
        kms.stop().await;

        assert_eq!(Keys::retire(&folder.0).unwrap(), 1);
        let kms = start(Keys::open(&folder.0).unwrap()).await.unwrap();
        let client = kms.client();
        assert_eq!(decrypt(&client, moved.as_ref(), &[("magasin", "mag_2")]).await.unwrap(), made.plaintext.unwrap().into_inner());
        assert!(refused_as_invalid(&client, moved.as_ref(), &[("magasin", "mag_1")]).await);
        assert!(refused_as_invalid(&client, blob.as_ref(), &[("magasin", "mag_1")]).await);
        assert_eq!(Keys::retire(&folder.0).unwrap(), 0);
    }

    #[tokio::test]
    async fn stopped_it_answers_no_more() {
        let (kms, client, id) = one().await;
        data_key(&client, &id, &[]).await;
        let endpoint = kms.endpoint.clone();
        assert!(endpoint.starts_with("http://127.0.0.1:"));
        kms.stop().await;
        let address = endpoint.strip_prefix("http://").unwrap();
        assert!(tokio::net::TcpStream::connect(address).await.is_err());
    }

    #[test]
    fn the_key_file_is_private_stays_and_keeps_every_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new("fichier");
        assert!(!Keys::exists(&folder.0));
        let first = Keys::open(&folder.0).unwrap().current().to_owned();
        assert!(Keys::exists(&folder.0) && is_id(&first), "{first}");
        let private = || assert_eq!(std::fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
        private();
        assert_eq!(Keys::open(&folder.0).unwrap().current(), first);
        let before = folder.content();
        assert_eq!(STANDARD.decode(before["cles"][&first].as_str().unwrap()).unwrap().len(), 32);

        let second = Keys::add(&folder.0).unwrap();
        private();
        let after = folder.content();
        assert_ne!(first, second);
        assert_eq!(Keys::open(&folder.0).unwrap().current(), second);
        assert_eq!((&after["actuelle"], &after["cles"][&first]), (&json!(second), &before["cles"][&first]));

        assert_eq!(Keys::retire(&folder.0).unwrap(), 1);
        private();
        assert_eq!(folder.content(), json!({"actuelle": second, "cles": {&second: after["cles"][&second]}}));
    }

    #[test]
    fn a_damaged_key_file_is_an_error_and_stays_as_it_is() {
        let folder = Folder::new("abime");
        let (id, key) = ("cle-0123456789abcdef", "A".repeat(43) + "=");
        let whole = json!({"actuelle": id, "cles": {id: key}}).to_string();
        std::fs::write(folder.file(), &whole).unwrap();
        assert_eq!(Keys::open(&folder.0).unwrap().current(), id);
        let damaged = [
            String::new(),
            whole[..whole.len() - 1].to_owned(),
            json!({"actuelle": id, "cles": {}}).to_string(),
            json!({"actuelle": "cle-0000000000000000", "cles": {id: key}}).to_string(),
            json!({"actuelle": id, "cles": {id: "AAAA"}}).to_string(),
            json!({"actuelle": id, "cles": {id: key, "cle-x": key}}).to_string(),
            json!({"actuelle": id, "cles": {id: format!("*{key}")}}).to_string(),
            json!({"actuelle": id, "cles": [key]}).to_string(),
        ];
        for content in damaged {
            std::fs::write(folder.file(), &content).unwrap();
            let errors =
                [Keys::open(&folder.0).map(drop).unwrap_err(), Keys::add(&folder.0).map(drop).unwrap_err(), Keys::retire(&folder.0).map(drop).unwrap_err()];
            for error in errors {
                assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{content}");
                let words = error.to_string();
                assert!(words.contains(KEY_FILE) && !words.contains("AAAA") && !words.contains("cle-0"), "{words}");
            }
            assert_eq!(std::fs::read_to_string(folder.file()).unwrap(), content);
        }
    }

    #[test]
    fn a_rotation_where_there_is_no_key_file_makes_none() {
        let folder = Folder::new("sans");
        for folder in [&folder.0, &folder.0.join("ailleurs")] {
            assert_eq!(Keys::add(folder).unwrap_err().kind(), io::ErrorKind::NotFound);
            assert_eq!(Keys::retire(folder).unwrap_err().kind(), io::ErrorKind::NotFound);
            assert!(!Keys::exists(folder));
        }
    }

    #[tokio::test]
    async fn no_key_shows_in_debug() {
        let folder = Folder::new("debug");
        let secret: [u8; KEY_BYTES] = std::array::from_fn(|place| 200 + u8::try_from(place).unwrap());
        let (id, text) = ("cle-0123456789abcdef", STANDARD.encode(secret));
        std::fs::write(folder.file(), json!({"actuelle": id, "cles": {id: text}}).to_string()).unwrap();
        let keys = Keys::open(&folder.0).unwrap();
        let shown = format!("{keys:?} {keys:#?}");
        let kms = start(keys).await.unwrap();
        let shown = format!("{shown} {kms:?} {kms:#?} {:?}", kms.client());
        assert!(shown.contains(id), "{shown}");
        // As text, as numbers on one line or on several, as hex.
        for form in [&text[..8], "200, 201, 202", "201,\n", "c8c9ca", "C8C9CA"] {
            assert!(!shown.contains(form), "{form}");
        }
    }
}
