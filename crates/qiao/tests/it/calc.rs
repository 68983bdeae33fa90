//! `qiao calc` as people and scripts call it.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const PLAN: &str = "id: p\nname: Plan\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {roles: [rep]}\ncomponents:\n  - id: c\n    name: Commission\n    basis: sale_recorded\n    rate: {flat: 5%}\n";
const FACTS: &str =
    "id,kind,date,person,amount\nf1,sale_recorded,2026-03-05,p2,1000.00\nf2,sale_recorded,2026-03-06,p1,10.10\n";

/// What a run left behind.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// A folder with a plan and facts, and what calc makes of it.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.put("plan.yaml", PLAN).put("facts.csv", FACTS);
        place
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.0.path().join(name), text).unwrap();
        self
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    fn run(&self, args: &[&str]) -> Ran {
        run(self.0.path(), args)
    }

    /// A run on the place's own plan and facts.
    fn calc(&self, more: &[&str]) -> Ran {
        let own = ["calc", "plan.yaml", "--facts", "facts.csv", "--period", "2026-03", "--out", "out"];
        self.run(&[&own, more].concat())
    }
}

fn run(folder: &Path, args: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qiao"));
    // What is set outside must not reach a calculation.
    command.current_dir(folder).args(args).env("LANG", "C").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[test]
fn writes_three_files_and_says_so() {
    let place = Place::new();
    let ran = place.calc(&[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    assert_eq!(ran.stdout, "statements 2, earnings 2, rejected 0\n");
    assert_eq!(
        place.read("out/statements.csv"),
        "person,period,earning,override,pool_share,guarantee,true_up,adjustment,clawback,hold,release,draw,recovery,total,currency\n\
         p1,2026-03,0.51,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.51,CNY\n\
         p2,2026-03,50.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,50.00,CNY\n"
    );
    let earnings = place.read("out/earnings.csv");
    assert!(
        earnings.starts_with(
            "person,period,component,fact,basis,rate,amount,status,explanation\np1,2026-03,c,f2,10.10,0.05,0.51,earned,"
        ),
        "{earnings}"
    );
    assert_eq!(place.read("out/rejected.csv"), "file,line,column,value,reason\n");
}

#[test]
fn the_same_files_give_the_same_bytes_wherever_they_lie() {
    let (one, two) = (Place::new(), Place::new());
    let broken = format!("{FACTS}f3,sale_recorded,soon,p1,1\n");
    for place in [&one, &two] {
        place.put("facts.csv", &broken);
        assert_eq!(place.calc(&[]).code, Some(1));
    }
    for file in ["out/statements.csv", "out/earnings.csv", "out/carry.csv", "out/rejected.csv"] {
        assert_eq!(one.read(file), two.read(file));
    }
}

#[test]
fn bad_rows_are_named_and_the_rest_is_computed() {
    let place = Place::new();
    place.put(
        "facts.csv",
        "id,kind,date,person,amount,share\nf1,sale_recorded,2026-03-05,p1,1000.00,\nf2,sale_recorded,31.03.2026,p1,1,\nf3,sale_recorded,2026-03-05,p1,1.005,\nf4,sale_recorded,2026-03-05,p1,1,1.01\nf5,sale_recorded,2026-03-05,p1,1,0.6\nf5,sale_recorded,2026-03-05,p2,1,0.41\n",
    );
    let ran = place.calc(&[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let lines: Vec<&str> = ran.stderr.lines().collect();
    for (line, start) in lines.iter().zip([
        "facts.csv:3: date: '31.03.2026' is not a date; write it like 2026-03-31",
        "facts.csv:4: amount: '1.005' has more decimals than CNY has (2)",
        "facts.csv:5: share: '1.01' is not a share; write it from 0 to 1",
        "facts.csv:6: share: '0.6' the owner shares of the fact sum to 1.01",
        "facts.csv:7: share: '0.41' the owner shares of the fact sum to 1.01",
    ]) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(lines.len(), 5, "{ran:?}");
    assert_eq!(place.read("out/rejected.csv").lines().count(), 6);
    assert!(place.read("out/statements.csv").contains("p1,2026-03,50.00,"));
}

#[test]
fn what_cannot_be_used_at_all_is_exit_2_and_one_line() {
    let place = Place::new();
    place
        .put("broken.yaml", "a: [")
        .put(
            "wrong.yaml",
            PLAN.replace("sale_recorded", "Sold it")
                .replace("{flat: 5%}", "{tiers: {mode: whole, rows: [{from: 1, rate: 1%}]}}"),
        )
        .put("narrow.csv", "id,kind,date,person\n")
        .put("bytes.csv", b"id,kind\n\xff\xff,1\n")
        .put("parquet", b"PAR1")
        .put("mapping.yaml", "columns: {id: deal}\n")
        .put("sections.yaml", "facts: {}\nprices: {}\n");
    let quarter = PLAN.replace("month", "quarter");
    place.put("quarter.yaml", quarter);
    let calc = |plan: &str, facts: &str, more: &[&str]| {
        let own = ["calc", plan, "--facts", facts, "--out", "out"];
        place.run(&[&own, more].concat())
    };
    let march = ["--period", "2026-03"];
    for (ran, expect) in [
        (calc("absent.yaml", "facts.csv", &march), "qiao: absent.yaml: cannot be read"),
        (calc("broken.yaml", "facts.csv", &march), "qiao: broken.yaml:2: not YAML"),
        (calc("wrong.yaml", "facts.csv", &march), "qiao: wrong.yaml:10: 'Sold it' is neither"),
        (calc("plan.yaml", "absent.csv", &march), "qiao: absent.csv: cannot be read"),
        (calc("plan.yaml", "narrow.csv", &march), "qiao: narrow.csv:1: there is no column 'amount'"),
        (calc("plan.yaml", "bytes.csv", &march), "qiao: bytes.csv:2: the text is neither"),
        (calc("plan.yaml", "parquet", &march), "qiao: parquet: Parquet is not read yet"),
        (calc("plan.yaml", "facts.csv", &["--period", "2026-13"]), "qiao: --period: '2026-13' is not a period"),
        (calc("plan.yaml", "facts.csv", &["--period", "2026-04..2026-03"]), "qiao: --period: 2026-03 lies before"),
        (calc("quarter.yaml", "facts.csv", &["--period", "2026-02"]), "qiao: --period 2026-02: the plan is reckoned"),
        (calc("plan.yaml", "facts.csv", &["--period", "2026-03", "--check", "absent.csv"]), "qiao: absent.csv: cannot"),
        (
            calc("plan.yaml", "facts.csv", &["--period", "2026-03", "--mapping", "mapping.yaml"]),
            "qiao: mapping.yaml:1: id: the file has no column 'deal'",
        ),
        (
            calc("plan.yaml", "facts.csv", &["--period", "2026-03", "--mapping", "sections.yaml"]),
            "qiao: sections.yaml:2: 'prices' is none of",
        ),
        (calc("plan.yaml", "facts.csv", &["--period", "2026-03", "--carry", "c.csv"]), "qiao: c.csv: cannot be read"),
    ] {
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.starts_with(expect), "expected {expect}\n{ran:?}");
        assert!(ran.stderr.lines().all(|line| line.starts_with("qiao: ")), "{ran:?}");
    }
    assert!(!place.0.path().join("out").exists(), "nothing is written");
    // Both mistakes of a plan are named, by line.
    let both = calc("wrong.yaml", "facts.csv", &march).stderr;
    assert_eq!(both.lines().count(), 2, "{both}");
}

#[test]
fn check_says_what_differs() {
    let place = Place::new();
    place
        .put("good.csv", "person,period,total\np1,2026-03,0.51\np2,2026-03,50\n")
        .put("lines.csv", "person,component,fact,amount\np2,c,f1,50.00\n")
        .put("off.csv", "person,total\np1,0.50\n")
        .put("unknown.csv", "person,bonus\np1,0.51\n")
        .put("empty.csv", "person,total\n")
        .put("more.csv", "person,period,total\np1,2026-03,0.51\np1,2026-04,0.00\n");
    let agrees = place.calc(&["--check", "good.csv"]);
    assert_eq!((agrees.code, agrees.stderr.as_str()), (Some(0), ""));
    assert!(agrees.stdout.ends_with("check: 2 rows agree\n"), "{agrees:?}");
    assert_eq!(place.calc(&["--check", "lines.csv"]).code, Some(0));
    for (file, expect) in [
        ("off.csv", "off.csv:2: person p1: total is 0.51, expected 0.50\n"),
        ("unknown.csv", "unknown.csv:1: statements.csv has no column 'bonus'"),
        ("empty.csv", "empty.csv:1: there is no row to compare"),
        ("more.csv", "more.csv:3: person p1, period 2026-04: expected, but statements.csv has no such row\n"),
    ] {
        let ran = place.calc(&["--check", file]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stderr.starts_with(expect), "{ran:?}");
    }
}

#[test]
fn explain_shows_the_arithmetic() {
    let place = Place::new();
    let ran = place.calc(&["--explain", "p1"]);
    assert_eq!(ran.code, Some(0));
    assert!(
        ran.stdout.contains("\n    Rate: 10.10 × 5 % = 0.505\n    Total: 0.505 rounded = 0.51\n"),
        "{}",
        ran.stdout
    );
    let nobody = place.calc(&["--explain", "p9"]);
    assert_eq!(nobody.code, Some(1), "{nobody:?}");
    assert!(nobody.stderr.starts_with("qiao: --explain: 'p9' has no statement"));
}

#[test]
fn a_mapping_puts_other_peoples_files_under_our_names() {
    let place = Place::new();
    place
        .put("deals.csv", "deal,rep,year,month,units,cents,channel\nD1,p1,2026,2,4,2500,web\nD2,p1,2026,3,1,100,shop\n")
        .put("quota.csv", "rep,quota\np1,10000\n")
        .put(
            "mapping.yaml",
            "facts:\n  columns: {id: deal, person: rep, date: \"{year}-{number}-01\"}\n  compute: {number: \"{month} + 1\", amount: \"{units} * {cents}\"}\n  constants: {kind: sale_recorded}\n  unit: minor\ntargets:\n  columns: {subject: rep, base: quota}\n  constants: {metric: won_amount, period: 2026-03}\n  unit: minor\n",
        )
        .put("tiers.yaml", PLAN.replace("    rate: {flat: 5%}\n", "    where: {channel: web}\n    rate: {tiers: {mode: marginal, on: {attainment: won_amount}, rows: [{from: 0, rate: 5%}, {from: 1, rate: 7%}]}}\n"));
    let ran = place.run(&[
        "calc",
        "tiers.yaml",
        "--facts",
        "deals.csv",
        "--targets",
        "quota.csv",
        "--mapping",
        "mapping.yaml",
        "--period",
        "2026-03",
        "--out",
        "out",
    ]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    // 4 x 25.00 in March; attainment is of won_amount, of which there is none, but the bands lie at 100.00.
    assert!(
        place.read("out/earnings.csv").contains("p1,2026-03,c,D1,100.00,0.05,5.00,earned,"),
        "{}",
        place.read("out/earnings.csv")
    );
}

#[test]
fn every_worked_plan_gives_what_it_should() {
    let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/plans");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(plans).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(folders.len() >= 24, "{folders:?}");
    for folder in folders {
        let plan = std::fs::read_to_string(folder.join("plan.yaml")).unwrap();
        let period = plan.lines().find_map(|line| line.strip_prefix("# period: ")).unwrap();
        let out = tempfile::tempdir().unwrap();
        let mut args = vec!["calc", "plan.yaml", "--facts", "facts.csv", "--period", period, "--check", "expected.csv"];
        args.extend(["--out", out.path().to_str().unwrap()]);
        for (option, file) in [
            ("--people", "people.csv"),
            ("--targets", "targets.csv"),
            ("--carry", "carry.csv"),
            ("--rates", "rates.csv"),
            ("--absences", "absences.csv"),
        ] {
            if folder.join(file).exists() {
                args.extend([option, file]);
            }
        }
        let ran = run(&folder, &args);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}: {ran:?}", folder.display());
    }
}

#[test]
fn a_run_goes_on_where_the_one_before_ended() {
    let place = Place::new();
    let plan = PLAN.replace("{flat: 5%}", "{flat: 100%}") + "draw: {amount: 100, recoverable: true}\n";
    place.put("plan.yaml", plan).put(
        "facts.csv",
        "id,kind,date,person,amount\nf1,sale_recorded,2026-03-05,p1,40.00\nf2,sale_recorded,2026-04-05,p1,130.00\nf3,sale_recorded,2026-05-05,p1,200.00\n",
    );
    let calc = |period: &str, out: &str, more: &[&str]| {
        let own = ["calc", "plan.yaml", "--facts", "facts.csv", "--period", period, "--out", out];
        let ran = place.run(&[&own, more].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
        ran
    };
    calc("2026-03..2026-05", "whole", &[]);
    calc("2026-03", "first", &[]);
    calc("2026-04..2026-05", "second", &["--carry", "first/carry.csv"]);
    let whole = place.read("whole/statements.csv");
    let parts = place.read("first/statements.csv") + place.read("second/statements.csv").split_once('\n').unwrap().1;
    assert_eq!(whole, parts);
    assert!(
        whole.contains("p1,2026-05,200.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,-30.00,170.00,CNY"),
        "{whole}"
    );
    // Another plan beside this one.
    place.put("other.yaml", PLAN.replace("{flat: 5%}", "{flat: 10%}"));
    let ran = calc("2026-03", "again", &["--compare", "other.yaml"]);
    assert!(ran.stdout.contains("\np1,100.00,4.00,-96.00\n"), "{ran:?}");
}
