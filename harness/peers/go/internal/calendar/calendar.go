// Package calendar reads dates, times and shifts in the contract's forms.
package calendar

import "time"

const minutesPerDay = 24 * 60

// number reads s as ASCII digits only, and returns -1 for anything else.
func number(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// daysIn returns the number of days of a month, by the Gregorian rule.
func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// parseDate reads YYYY-MM-DD, a date that exists.
func parseDate(s string) (year, month, day int, ok bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, 0, 0, false
	}
	year, month, day = number(s[:4]), number(s[5:7]), number(s[8:])
	ok = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
	return year, month, day, ok
}

// IsDate reports whether s is a date that exists, written YYYY-MM-DD, of the
// years 0001 to 9999.
func IsDate(s string) bool {
	year, _, _, ok := parseDate(s)
	return ok && year >= 1
}

// minute reads HH:MM, from 00:00 to 23:59, as minutes of the day, and returns
// -1 for anything else.
func minute(s string) int {
	if len(s) != 5 || s[2] != ':' {
		return -1
	}
	hours, minutes := number(s[:2]), number(s[3:])
	if hours < 0 || hours > 23 || minutes < 0 || minutes > 59 {
		return -1
	}
	return hours*60 + minutes
}

// IsTime reports whether s is a time, written HH:MM.
func IsTime(s string) bool { return minute(s) >= 0 }

// IsRFC3339 reports whether s is a time with a date and an offset, in the form
// of the audit log: upper-case letters, 1 to 9 decimals of a second, no leap
// seconds.
func IsRFC3339(s string) bool {
	if len(s) < 20 || s[10] != 'T' || s[16] != ':' || !IsTime(s[11:16]) {
		return false
	}
	if _, _, _, ok := parseDate(s[:10]); !ok {
		return false
	}
	if seconds := number(s[17:19]); seconds < 0 || seconds > 59 {
		return false
	}
	rest := s[19:]
	if rest[0] == '.' {
		digits := 1
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		if digits == 1 || digits > 10 {
			return false
		}
		rest = rest[digits:]
	}
	if rest == "Z" {
		return true
	}
	return len(rest) == 6 && (rest[0] == '+' || rest[0] == '-') && IsTime(rest[1:])
}

// Shift is a span of time in minutes of an unspecified epoch, without its end.
type Shift struct {
	begin, end int64
}

// NewShift returns the shift that begins at start on date and ends at end, on
// the following day when end is not later than start. The arguments must be
// well-formed.
func NewShift(date, start, end string) Shift {
	year, month, day, _ := parseDate(date)
	midnight := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / 60
	s := Shift{midnight + int64(minute(start)), midnight + int64(minute(end))}
	if s.end <= s.begin {
		s.end += minutesPerDay
	}
	return s
}

// Overlaps reports whether each of two shifts begins before the other ends.
func (s Shift) Overlaps(other Shift) bool { return s.begin < other.end && other.begin < s.end }

// MinutesApart returns the time between two shifts that do not overlap.
// Thousands of years do not fit into a time.Duration.
func (s Shift) MinutesApart(other Shift) int64 {
	return max(other.begin-s.end, s.begin-other.end)
}

// SharesDay reports whether a minute of each of two shifts lies on one date.
func (s Shift) SharesDay(other Shift) bool {
	return s.firstDay() <= other.lastDay() && other.firstDay() <= s.lastDay()
}

// HasDay reports whether a minute of the shift lies on a date, which must be
// well-formed.
func (s Shift) HasDay(date string) bool { return s.SharesDay(NewShift(date, "00:00", "00:00")) }

func (s Shift) firstDay() int64 { return dayOf(s.begin) }
func (s Shift) lastDay() int64  { return dayOf(s.end - 1) }

// dayOf rounds down, also before the epoch.
func dayOf(minute int64) int64 {
	day := minute / minutesPerDay
	if minute%minutesPerDay < 0 {
		day--
	}
	return day
}
