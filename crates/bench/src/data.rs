//! The database: people, plans and targets by the program's own commands, the mass of deals below it.
//!
//! 1,000 reps in 100 teams of 10 regions, 20,000 customers, two years of deals with three facts each. What goes in below
//! the program is as consistent as what the program writes (`qiao check` passes), but stands in no audit log.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use crate::{Failed, Settings};

const REGIONS: usize = 10;
const TEAMS: usize = 10;
const REPS: usize = 10;
const ACCOUNTS: usize = 20_000;
/// Days over which the deals were opened.
const DAYS: u64 = 730;
const DAY_MS: i64 = 86_400_000;

/// The prepared database and who may ask what of it.
#[derive(Clone, Debug)]
pub struct Base {
    /// The file; it is copied for every use.
    pub file: PathBuf,
    /// A rep's bearer token.
    pub rep: String,
    /// A director's bearer token, with the pay grant.
    pub director: String,
    /// A bearer token of operations, who see every row.
    pub operations: String,
    /// The director's region.
    pub region: Uuid,
    /// A team in it.
    pub team: Uuid,
    /// The pipeline.
    pub pipeline: Uuid,
    /// Its stage of open deals.
    pub stage: Uuid,
    /// One of four products.
    pub product: Uuid,
    /// Deals of the rep.
    pub deals: Vec<Uuid>,
    /// Customers of the rep.
    pub accounts: Vec<Uuid>,
}

/// Runs the program on a database and answers what it said.
pub fn qiao(binary: &Path, database: &str, arguments: &[&str]) -> Result<String, Failed> {
    let output = Command::new(binary).args(arguments).args(["--database", database]).output()?;
    if !output.status.success() {
        return Err(format!("qiao {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// The database of these settings, made where it is not there yet.
pub fn base(settings: &Settings) -> Result<Base, Failed> {
    let file = settings.folder.join(format!("base-{}.db", settings.rows));
    if !file.exists() {
        let began = Instant::now();
        let part = settings.folder.join("base.part");
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", part.display()));
        }
        make(settings, &part)?;
        eprintln!("made {} opportunities in {} s", settings.rows, began.elapsed().as_secs());
        let said = qiao(&settings.binary, &format!("sqlite:{}", part.display()), &["check"])?;
        eprintln!("qiao check: {said}");
        std::fs::rename(&part, &file)?;
    }
    // The base is kept, and may be older than the program.
    qiao(&settings.binary, &format!("sqlite:{}", file.display()), &["migrate"])?;
    let tokens = std::fs::read_to_string(settings.folder.join(format!("tokens-{}", settings.rows)))?;
    let tokens: Vec<&str> = tokens.lines().collect();
    let [rep, director, operations] = tokens[..] else { return Err("the tokens of the base are not three".into()) };
    let db = Connection::open(&file)?;
    let id = |sql: &str| db.query_row(sql, [], |row| row.get::<_, [u8; 16]>(0)).map(Uuid::from_bytes);
    let owner = id("select id from person where external_id = 'p0'")?;
    let of_rep = |sql: &str| -> Result<Vec<Uuid>, Failed> {
        let mut statement = db.prepare(sql)?;
        let rows = statement.query_map([owner.as_bytes()], |row| row.get::<_, [u8; 16]>(0))?;
        Ok(rows.map(|row| row.map(Uuid::from_bytes)).collect::<Result<_, _>>()?)
    };
    Ok(Base {
        file: file.clone(),
        rep: rep.to_owned(),
        director: director.to_owned(),
        operations: operations.to_owned(),
        pipeline: id("select id from pipeline")?,
        stage: id("select id from stage where code = 'negotiation'")?,
        product: id("select id from product where code = 'A1'")?,
        region: id("select id from team where name = 'R0'")?,
        team: id("select t.id from team t join team r on r.id = t.parent_id where t.name = 'T0' and r.name = 'R0'")?,
        deals: of_rep("select id from opportunity where owner_id = ?")?,
        accounts: of_rep("select id from account where owner_id = ?")?,
    })
}

fn make(settings: &Settings, file: &Path) -> Result<(), Failed> {
    let url = format!("sqlite:{}", file.display());
    let run = |arguments: &[&str]| qiao(&settings.binary, &url, arguments);
    let text = |name: &str, content: String| -> Result<String, Failed> {
        let path = settings.folder.join(name);
        std::fs::write(&path, content)?;
        Ok(path.to_str().ok_or("a path that is not UTF-8")?.to_owned())
    };
    run(&["init", "--company", "Bench", "--locale", "en"])?;
    run(&["import", "people", &text("people.csv", people())?])?;
    let products = "product,product_line,list_price\nA1,Alpha,100\nA2,Alpha,200\nB1,Beta,300\nB2,Beta,400\n";
    run(&["import", "products", &text("products.csv", products.to_owned())?])?;
    run(&["import", "targets", &text("targets.csv", targets()?)?])?;
    for (name, plan) in [("tiers.yaml", TIERS), ("lookup.yaml", LOOKUP)] {
        run(&["plan", "publish", &text(name, plan.to_owned())?])?;
    }
    run(&["user", "create", "--email", "p0@bench.example", "--name", "Rep", "--role", "rep"])?;
    let director = ["--name", "Director", "--role", "director", "--team", "R0", "--pay-grant"];
    run(&[&["user", "create", "--email", "d@bench.example"], &director[..]].concat())?;
    run(&["user", "create", "--email", "o@bench.example", "--name", "Operations", "--role", "operations"])?;
    let rep = run(&["token", "create", "--user", "p0@bench.example"])?;
    let director = run(&["token", "create", "--user", "d@bench.example"])?;
    let operations = run(&["token", "create", "--user", "o@bench.example"])?;
    let tokens = format!("{rep}\n{director}\n{operations}\n");
    std::fs::write(settings.folder.join(format!("tokens-{}", settings.rows)), tokens)?;
    fill(settings, file)
}

fn people() -> String {
    let mut out = "person,name,email,team,role,start\n".to_owned();
    for n in 0..REGIONS * TEAMS * REPS {
        let (region, team) = (n / (TEAMS * REPS), n / REPS % TEAMS);
        out.push_str(&format!("p{n},Rep {n},p{n}@bench.example,R{region}/T{team},rep,2020-01-01\n"));
    }
    out
}

/// The present month's targets of reps, teams, regions and the company.
fn targets() -> Result<String, Failed> {
    let month = date_of(now_ms()?).get(..7).ok_or("a date")?.to_owned();
    let mut out = "metric,subject,period,base\n".to_owned();
    let mut row = |subject: String, base: usize| out.push_str(&format!("won_amount,{subject},{month},{base}\n"));
    for n in 0..REGIONS * TEAMS * REPS {
        row(format!("p{n}"), 300_000);
    }
    for region in 0..REGIONS {
        for team in 0..TEAMS {
            row(format!("team:R{region}/T{team}"), 300_000 * REPS);
        }
        row(format!("team:R{region}"), 300_000 * REPS * TEAMS);
    }
    row("company".to_owned(), 300_000 * REPS * TEAMS * REGIONS);
    Ok(out)
}

const TIERS: &str = "id: tiers
name: Tiers
currency: CNY
period: month
from: 2020-01-01
who: {roles: [rep], teams: [R0, R1, R2, R3, R4]}
components:
  - id: commission
    name: Commission
    basis: opportunity_won
    rate: {tiers: {mode: marginal, rows: [{from: 0, rate: 4%}, {from: 300000, rate: 6%}, {from: 600000, rate: 8%}]}}
  - id: alpha
    name: Alpha
    basis: opportunity_won
    where: {product_line: Alpha}
    rate: {flat: 1%}
  - id: quote
    name: Quote
    basis: stage_entered
    where: {stage: proposal}
    rate: {reward: {amount: 200, if_lost: forfeit}}
";

const LOOKUP: &str = "id: lookup
name: Lookup
currency: CNY
period: month
from: 2020-01-01
who: {roles: [rep], teams: [R5, R6, R7, R8, R9]}
components:
  - id: commission
    name: Commission
    basis: opportunity_won
    rate: {lookup: {by: [product_line], rows: [{product_line: Alpha, rate: 6%}, {product_line: Beta, rate: 5%}], default: 3%}}
  - id: attainment
    name: Attainment
    basis: opportunity_won
    rate: {tiers: {mode: whole, on: {attainment: won_amount}, rows: [{from: 0, rate: 0%}, {from: 1, rate: 1%}]}}
";

/// Numbers that look random and are the same every time (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    fn id(&mut self, at_ms: i64) -> Uuid {
        let mut bytes = [0_u8; 10];
        bytes[..8].copy_from_slice(&self.next().to_le_bytes());
        bytes[8..].copy_from_slice(&self.next().to_le_bytes()[..2]);
        uuid::Builder::from_unix_timestamp_millis(u64::try_from(at_ms).unwrap_or(0), &bytes).into_uuid()
    }
}

/// The present moment, ms since 1970 UTC.
fn now_ms() -> Result<i64, Failed> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

/// The day of a moment, by the civil calendar.
fn date_of(at_ms: i64) -> String {
    let days = at_ms.div_euclid(DAY_MS) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// What the deals refer to.
struct Around {
    people: Vec<Uuid>,
    accounts: Vec<Uuid>,
    products: Vec<(Uuid, String)>,
    pipeline: Uuid,
    stages: std::collections::BTreeMap<String, Uuid>,
    now_ms: i64,
}

fn ids(db: &Connection, sql: &str) -> Result<Vec<Uuid>, Failed> {
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get::<_, [u8; 16]>(0))?;
    Ok(rows.map(|row| row.map(Uuid::from_bytes)).collect::<Result<_, _>>()?)
}

fn named(db: &Connection, sql: &str) -> Result<Vec<(Uuid, String)>, Failed> {
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, String>(1)?)))?;
    Ok(rows.map(|row| row.map(|(id, name)| (Uuid::from_bytes(id), name))).collect::<Result<_, _>>()?)
}

fn fill(settings: &Settings, file: &Path) -> Result<(), Failed> {
    let mut db = Connection::open(file)?;
    db.execute_batch("pragma synchronous = off; pragma cache_size = -262144; pragma foreign_keys = off")?;
    let people =
        ids(&db, "select id from person where external_id like 'p%' order by cast(substr(external_id, 2) as integer)")?;
    let lines = "select p.id, l.code from product p join product_line l on l.id = p.product_line_id order by p.code";
    let mut around = Around {
        people,
        accounts: Vec::new(),
        products: named(&db, lines)?,
        pipeline: ids(&db, "select id from pipeline")?.first().copied().ok_or("no pipeline")?,
        stages: named(&db, "select id, code from stage")?.into_iter().map(|(id, code)| (code, id)).collect(),
        now_ms: now_ms()?,
    };
    let mut numbers = Numbers(1);
    let tx = db.transaction()?;
    accounts(&tx, &mut around, &mut numbers)?;
    deals(&tx, &around, &mut numbers, settings.rows)?;
    tx.commit()?;
    db.execute_batch("pragma foreign_key_check; pragma wal_checkpoint(truncate)")?;
    Ok(())
}

fn accounts(tx: &Transaction<'_>, around: &mut Around, numbers: &mut Numbers) -> Result<(), Failed> {
    let sql = "insert into account (id, external_id, name, group_id, region, tier, source, owner_id, created_at, updated_at) \
               values (?1, ?2, ?3, ?1, ?4, ?5, ?6, ?7, ?8, ?8)";
    let mut insert = tx.prepare(sql)?;
    let at = around.now_ms - 800 * DAY_MS;
    for n in 0..ACCOUNTS {
        let (id, owner) = (numbers.id(at), around.people[n % around.people.len()]);
        let (region, tier) = (format!("R{}", n % REGIONS), ["A", "B", "C"][n % 3]);
        let source = ["web", "fair", "partner"][n % 3];
        let (external, name) = (format!("A{n}"), format!("Customer {n}"));
        insert.execute(params![id.as_bytes(), external, name, region, tier, source, owner.as_bytes(), at])?;
        around.accounts.push(id);
    }
    Ok(())
}

const DEAL: &str = "insert into opportunity (id, external_id, name, account_id, owner_id, pipeline_id, stage_id, status, \
    product_id, amount_minor, currency, opened_on, expected_close_on, closed_on, stage_entered_at, source, lost_reason, \
    created_at, updated_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'CNY', ?11, ?12, ?13, ?14, ?15, ?16, ?14, ?14)";
const FACT: &str = "insert into fact (id, kind, date, occurred_at, recorded_at, account_id, account_group, opportunity_id, \
    product_id, product_line, region, tier, customer_kind, source, amount_minor, currency, recognized_on, attributes, \
    rule_version, record_type, record_id) \
    values (?1, ?2, ?3, ?4, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'CNY', ?3, ?14, ?15, 'opportunity', ?6)";

fn deals(tx: &Transaction<'_>, around: &Around, numbers: &mut Numbers, rows: u64) -> Result<(), Failed> {
    let mut deal = tx.prepare(DEAL)?;
    let mut fact = tx.prepare(FACT)?;
    let mut credit =
        tx.prepare("insert into credit (fact_id, person_id, role, share_ppm) values (?1, ?2, 'owner', 1000000)")?;
    let people = around.people.len() as u64;
    for n in 0..rows {
        let opened = around.now_ms - i64::try_from((rows - n) * DAYS * 86_400 / rows)? * 1_000;
        let due = opened + i64::try_from(10 + numbers.below(90))? * DAY_MS;
        // Every rep has customers whose number leaves the rep's number over.
        let owner = numbers.below(people);
        let customer = usize::try_from(owner + people * numbers.below(ACCOUNTS as u64 / people))?;
        let (person, account) = (around.people[usize::try_from(owner)?], around.accounts[customer]);
        let (product, line) = &around.products[usize::try_from(numbers.below(around.products.len() as u64))?];
        let closed = due <= around.now_ms;
        let won = numbers.below(2) == 0;
        let (status, stage) = match (closed, won) {
            (false, _) => ("open", "negotiation"),
            (true, true) => ("won", "won"),
            (true, false) => ("lost", "lost"),
        };
        let id = numbers.id(opened);
        let stage_id = around.stages.get(stage).ok_or("no such stage")?;
        let amount = i64::try_from(100_000 + numbers.below(5_000_000))?;
        let (region, tier, source) = (
            format!("R{}", customer % REGIONS),
            ["A", "B", "C"][customer % 3],
            ["web", "fair", "partner"][customer % 3],
        );
        let (opened_on, due_on) = (date_of(opened), date_of(due));
        deal.execute(params![
            id.as_bytes(),
            format!("D{n}"),
            format!("Deal {n} of customer {customer}"),
            account.as_bytes(),
            person.as_bytes(),
            around.pipeline.as_bytes(),
            stage_id.as_bytes(),
            status,
            product.as_bytes(),
            amount,
            opened_on,
            due_on,
            closed.then_some(&due_on),
            opened,
            source,
            (status == "lost").then_some("price"),
        ])?;
        let proposal = opened + (due - opened) / 2;
        let last = if closed { due } else { opened };
        for (kind, at, entered) in [
            ("stage_entered", opened, Some("prospecting")),
            ("stage_entered", proposal.min(last), Some("proposal")),
            (["opportunity_lost", "opportunity_won"][usize::from(won)], last, None),
        ] {
            let (kind, entered) =
                if !closed && entered.is_none() { ("stage_entered", Some("negotiation")) } else { (kind, entered) };
            let fact_id = numbers.id(at);
            let won = kind == "opportunity_won";
            let attributes = match entered {
                Some(stage) => format!("{{\"stage\":\"{stage}\"}}"),
                None => format!("{{\"cycle_days\":\"{}\"}}", (due - opened) / DAY_MS),
            };
            fact.execute(params![
                fact_id.as_bytes(),
                kind,
                date_of(at),
                at,
                account.as_bytes(),
                id.as_bytes(),
                product.as_bytes(),
                line,
                region,
                tier,
                won.then_some("existing"),
                source,
                if entered.is_some() { 0 } else { amount },
                attributes,
                won.then_some("1"),
            ])?;
            credit.execute(params![fact_id.as_bytes(), person.as_bytes()])?;
        }
    }
    Ok(())
}
