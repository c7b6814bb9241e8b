package calendar

import "testing"

func TestIsDate(t *testing.T) {
	for s, want := range map[string]bool{
		"2026-05-04": true, "2024-02-29": true, "2000-02-29": true, "0001-01-01": true, "9999-12-31": true,
		"0000-01-01": false, "1900-02-29": false, "2026-04-31": false, "2026-13-01": false, "2026-00-01": false,
		"2026-01-00": false, "2026-1-01": false, "2026/01/01": false, "+026-01-01": false, "2026-01-01 ": false,
	} {
		if got := IsDate(s); got != want {
			t.Errorf("IsDate(%q) = %v", s, got)
		}
	}
}

func TestIsTime(t *testing.T) {
	for s, want := range map[string]bool{
		"00:00": true, "23:59": true, "24:00": false, "12:60": false, "1:00": false, "12.00": false, "+1:00": false, "": false,
	} {
		if got := IsTime(s); got != want {
			t.Errorf("IsTime(%q) = %v", s, got)
		}
	}
}

func TestIsRFC3339(t *testing.T) {
	for s, want := range map[string]bool{
		"2026-05-02T07:53:54Z": true, "2026-05-02T07:53:54.1Z": true, "2026-05-02T07:53:54.123456789+23:59": true,
		"0000-02-29T00:00:00-00:00": true,
		"2026-05-02t07:53:54Z":      false, "2026-05-02T07:53:54z": false, "2026-05-02 07:53:54Z": false,
		"2026-05-02T07:53:54": false, "2026-05-02T07:53:54.Z": false, "2026-05-02T07:53:54.1234567890Z": false,
		"2026-05-02T07:53:60Z": false, "2026-05-02T24:00:00Z": false, "2026-05-02T07:53:54+24:00": false,
		"2026-05-02T07:53:54+0100": false, "2026-05-02T07:53:54,5Z": false, "2026-02-29T07:53:54Z": false,
		"2026-05-02T07:53:54.5": false, "2026-05-02T07:53:54ZZ": false, "2026-05-02T07:53Z": false,
	} {
		if got := IsRFC3339(s); got != want {
			t.Errorf("IsRFC3339(%q) = %v", s, got)
		}
	}
}

func TestOverlaps(t *testing.T) {
	day := NewShift("2026-05-04", "06:00", "14:00")
	for _, c := range []struct {
		date, start, end string
		want             bool
	}{
		{"2026-05-04", "13:59", "20:00", true},
		{"2026-05-04", "14:00", "20:00", false},
		{"2026-05-04", "00:00", "06:00", false},
		{"2026-05-03", "22:00", "06:00", false},
		{"2026-05-03", "22:00", "06:01", true},
		{"2026-05-03", "08:00", "08:00", true},
		{"2026-05-03", "06:00", "06:00", false},
		{"2026-05-05", "06:00", "14:00", false},
	} {
		other := NewShift(c.date, c.start, c.end)
		if day.Overlaps(other) != c.want || other.Overlaps(day) != c.want {
			t.Errorf("%v: want %v", c, c.want)
		}
	}
}
