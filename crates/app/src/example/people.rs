//! The people of the example company: three regions, nine teams, about sixty people.

use chrono::{Days, NaiveDate};

use super::names::{CITIES, FAMILY, GIVEN};
use super::random::Random;
use crate::imports::Table;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The external id.
    pub key: String,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The team's path.
    pub team: String,
    /// The region; none for those who support all.
    pub region: Option<&'static str>,
    /// rep, manager, director ...
    pub role: &'static str,
    /// The first day.
    pub start: NaiveDate,
    /// How well the person sells, in percent of the usual.
    pub skill: i64,
    /// The planted story, if the person has one.
    pub story: Story,
}

/// What is special about somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    /// Nothing.
    None,
    /// Deals stay at the quote.
    StuckAtQuotes,
    /// Most of the amount comes from one customer.
    OneLargeCustomer,
    /// Joined two months ago.
    Newcomer,
    /// Loses on price.
    LosesOnPrice,
}

/// Teams of a region.
const TEAMS: [&str; 3] = ["一组", "二组", "三组"];
/// Reps of a team.
const REPS: [usize; 9] = [5, 5, 5, 5, 4, 5, 5, 4, 5];

struct Making {
    random: Random,
    staff: Vec<Staff>,
    today: NaiveDate,
}

impl Making {
    fn add(
        &mut self,
        team: String,
        region: Option<&'static str>,
        role: &'static str,
        email: Option<&str>,
        story: Story,
    ) {
        let number = self.staff.len() + 1;
        let family = FAMILY.get(number % FAMILY.len()).copied().unwrap_or("王");
        let name = format!("{family}{}", self.random.pick(GIVEN));
        let key = format!("E{number:03}");
        let start = match story {
            Story::Newcomer => self.today - Days::new(58),
            _ => self.today - Days::new(u64::try_from(self.random.between(700, 2_400)).unwrap_or(700)),
        };
        let email =
            email.map_or_else(|| format!("{}@example.com", key.to_lowercase()), |name| format!("{name}@example.com"));
        let skill = self.random.between(70, 135);
        self.staff.push(Staff { key, name, email, team, region, role, start, skill, story });
    }
}

/// Everybody.
pub fn staff(today: NaiveDate) -> Vec<Staff> {
    let mut making = Making { random: Random::new(20_260_101), staff: Vec::new(), today };
    for (region_number, (region, _)) in CITIES.iter().enumerate() {
        let is_first = region_number == 0;
        making.add((*region).to_owned(), Some(region), "director", is_first.then_some("director"), Story::None);
        for (team_number, team) in TEAMS.iter().enumerate() {
            let path = format!("{region}/{region}{team}");
            let first_team = is_first && team_number == 0;
            making.add(path.clone(), Some(region), "manager", first_team.then_some("manager"), Story::None);
            for rep in 0..REPS.get(region_number * 3 + team_number).copied().unwrap_or(5) {
                let story = match (region_number, team_number, rep) {
                    (0, 1, _) => Story::StuckAtQuotes,
                    (0, 0, 2) => Story::OneLargeCustomer,
                    (1, 0, 1) | (0, 2, 3) => Story::Newcomer,
                    (2, _, _) => Story::LosesOnPrice,
                    _ => Story::None,
                };
                let email = (first_team && rep == 0).then_some("rep");
                making.add(path.clone(), Some(region), "rep", email, story);
            }
        }
    }
    for (role, email) in [("operations", "operations"), ("finance", "finance"), ("hr", "hr"), ("auditor", "auditor")] {
        making.add("总部".to_owned(), None, role, Some(email), Story::None);
    }
    making.staff
}

/// The file of people.
pub fn table(staff: &[Staff]) -> Table {
    let header = ["person", "name", "email", "team", "role", "start"].map(str::to_owned).to_vec();
    let rows = staff
        .iter()
        .zip(2..)
        .map(|(person, line)| {
            let cells = [
                person.key.clone(),
                person.name.clone(),
                person.email.clone(),
                person.team.clone(),
                person.role.to_owned(),
                person.start.to_string(),
            ];
            (line, cells.to_vec())
        })
        .collect();
    Table { header, rows }
}
