package matrix

import (
	"slices"
	"strconv"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/understand"
	"lakehouse.invalid/peer/internal/vectors"
)

// The members of metadata that understood searches use, too.
const (
	secondRoleMember = "second_role"
	shiftMember      = "shift"
	weekends         = "weekends"
)

// condition reports whether a document meets it.
type condition func(item *vectors.Item) bool

// some reports whether a member, or an element of it, passes a test.
func some(item *vectors.Item, member string, test func(v rawjson.Value) bool) bool {
	v, ok := item.Members().Get(member)
	if !ok {
		return false
	}
	if v.Kind() == rawjson.Array {
		return slices.ContainsFunc(v.Elements(), test)
	}
	return test(v)
}

func absent(item *vectors.Item, member string) bool {
	v, ok := item.Members().Get(member)
	return !ok || v.Kind() == rawjson.Null
}

func oneOf(item *vectors.Item, member string, texts []string) bool {
	return some(item, member, func(v rawjson.Value) bool {
		return v.Kind() == rawjson.String && slices.Contains(texts, v.Text())
	})
}

func isBoolean(item *vectors.Item, member string, value bool) bool {
	return some(item, member, func(v rawjson.Value) bool {
		return v.Kind() == rawjson.Bool && v.Bool() == value
	})
}

// isNote reports whether a document is not a profile.
func isNote(item *vectors.Item) bool {
	return absent(item, roleMember) && absent(item, cityMember) && absent(item, stateMember)
}

// isIn reports whether a document is in one of the places.
func isIn(item *vectors.Item, found []understand.Found) bool {
	return slices.ContainsFunc(found, func(f understand.Found) bool {
		return slices.ContainsFunc(f.Values, func(v [2]string) bool {
			city := f.City == nil || oneOf(item, cityMember, v[:1])
			state := v[1] == "" || oneOf(item, stateMember, v[1:])
			return city && state
		})
	})
}

// hasShift reports whether a document has one of the shifts.
func hasShift(item *vectors.Item, shifts []understand.Named) bool {
	return slices.ContainsFunc(shifts, func(s understand.Named) bool {
		return oneOf(item, shiftMember, []string{s.Name}) || s.Name == weekends && isBoolean(item, weekends, true)
	})
}

// within reports whether a number is within bounds, or not known.
func within(item *vectors.Item, member string, b *understand.Bounds) bool {
	if b == nil || absent(item, member) {
		return true
	}
	return some(item, member, func(v rawjson.Value) bool {
		if v.Kind() != rawjson.Number {
			return false
		}
		n := v.Double()
		bound := func(text string, fits func(limit float64) bool) bool {
			limit, err := strconv.ParseFloat(text, 64)
			return text == "" || err == nil && fits(limit)
		}
		return bound(b.Least, func(l float64) bool { return n >= l }) &&
			bound(b.Above, func(l float64) bool { return n > l }) &&
			bound(b.Most, func(l float64) bool { return n <= l }) &&
			bound(b.Below, func(l float64) bool { return n < l })
	})
}

// meets reports whether a document meets what is understood, but for the
// wanted roles and shifts.
func meets(item *vectors.Item, u *understand.Understanding) bool {
	if isNote(item) {
		return true
	}
	if len(u.Places) > 0 && !isIn(item, u.Places) || isIn(item, u.NotPlaces) || hasShift(item, u.NotShifts) {
		return false
	}
	for _, r := range u.NotRoles {
		if oneOf(item, roleMember, r.Values) {
			return false
		}
	}
	for _, c := range u.Certificates {
		if !isBoolean(item, c.Field(), true) {
			return false
		}
	}
	for _, c := range u.NotCertificates {
		if isBoolean(item, c.Field(), true) {
			return false
		}
	}
	away := isBoolean(item, availableMember, false) || isBoolean(item, "active", false)
	if u.Availability == "available" && away || u.Availability == "unavailable" && !away {
		return false
	}
	return within(item, "years", u.Years) && within(item, "rate", u.Pay)
}
