package validate

import (
	"fmt"
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/calendar"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/roster"
	"lakehouse.invalid/peer/internal/text"
)

// fillEntry is one worker of a fill; name is nil when none is given.
type fillEntry struct {
	field  string
	id     string
	name   *string
	worker *roster.Worker
}

func (c *checker) fill(artifact rawjson.Value) {
	members, ok := c.object(artifact)
	if !ok {
		return
	}
	list, ok := members.Get("fills")
	switch {
	case !ok:
		c.schema("fills", "is missing")
		return
	case list.Kind() != rawjson.Array:
		c.schema("fills", "must be an array")
		return
	}
	var entries []fillEntry
	for i, v := range list.Elements() {
		entries = append(entries, c.fillEntry(fmt.Sprintf("fills[%d]", i), v))
	}
	if len(c.Failures) > 0 {
		return
	}
	switch count := c.context.Count; {
	case count != 0 && int64(len(entries)) != count:
		c.fail(Completeness, "fills has %d, the context asks for %d", len(entries), count)
	case count == 0 && len(entries) == 0:
		c.fail(Completeness, "fills is empty")
	}
	c.workers(c.unique(entries))
	c.uncheckedFills(members)
}

// uncheckedFills adds findings for the members that no rule knows, those of the
// fills where `fills` is in the artifact.
func (c *checker) uncheckedFills(members rawjson.Members) {
	at := slices.IndexFunc(members, func(m rawjson.Member) bool { return m.Name == "fills" })
	list, _ := members.Get("fills")
	seen := map[string]bool{"fills": true}
	for i, m := range members {
		if i == at {
			for j, v := range list.Elements() {
				c.unchecked(fmt.Sprintf("fills[%d].", j), v.Members(), "worker_id", "name")
			}
		}
		if seen[m.Name] {
			continue
		}
		seen[m.Name] = true
		if v, _ := members.Get(m.Name); v.Kind() != rawjson.Null {
			c.findUnchecked(m.Name)
		}
	}
}

func (c *checker) fillEntry(field string, v rawjson.Value) fillEntry {
	if v.Kind() != rawjson.Object {
		c.schema(field, "must be an object")
		return fillEntry{}
	}
	members := v.Members()
	id, ok := members.Get("worker_id")
	switch {
	case !ok:
		c.schema(field+".worker_id", "is missing")
	case id.Text() == "":
		c.schema(field+".worker_id", mustNotBeEmpty)
	}
	return fillEntry{field: field, id: id.Text(), name: c.optional(members, "name", field+".name", true)}
}

// unique returns the first entry of each worker id.
func (c *checker) unique(entries []fillEntry) []fillEntry {
	seen := map[string]int{}
	var first []fillEntry
	for _, e := range entries {
		seen[e.id]++
		switch seen[e.id] {
		case 1:
			first = append(first, e)
		case 2:
			c.fail(Consistency, "worker `%s` is named more than once", e.id)
		}
	}
	return first
}

// workers applies rules 6 to 13, each to all entries before the next.
func (c *checker) workers(entries []fillEntry) {
	var known []fillEntry
	for _, e := range entries {
		if e.worker = c.known(e.id); e.worker != nil {
			known = append(known, e)
		}
	}
	rule := func(check func(e fillEntry, w *roster.Worker)) {
		for _, e := range known {
			check(e, e.worker)
		}
	}
	rule(func(e fillEntry, w *roster.Worker) {
		if e.name != nil && !sameName(*e.name, w.Name) {
			c.fail(Consistency, "worker `%s` is called `%s`, not `%s`", w.ID, w.Name, *e.name)
		}
	})
	rule(func(_ fillEntry, w *roster.Worker) { c.active(Consistency, w) })
	if role := c.context.Role; role != nil {
		rule(func(_ fillEntry, w *roster.Worker) { c.worksAs(w, *role) })
	}
	if city := c.context.City; city != nil {
		rule(func(_ fillEntry, w *roster.Worker) {
			if !sameCity(w.City, *city) {
				c.fail(Consistency, "worker `%s` is in city `%s`, not `%s`", w.ID, w.City, *city)
			}
		})
	}
	if state := c.context.State; state != nil {
		rule(func(_ fillEntry, w *roster.Worker) {
			if !text.Same(w.State, *state) {
				c.fail(Consistency, "worker `%s` is in state `%s`, not `%s`", w.ID, w.State, *state)
			}
		})
	}
	if name := c.context.Client; name != nil {
		asked := newClient(*name)
		rule(func(_ fillEntry, w *roster.Worker) { c.excluded(w, asked) })
		rule(func(e fillEntry, w *roster.Worker) { c.nearExcluded(e, w, asked) })
	}
	if len(known) > 0 {
		c.partialShift()
	}
	rule(c.bookings)
}

// excluded fails when the worker must not work for a client.
func (c *checker) excluded(w *roster.Worker, asked client) {
	var taken *client
	for _, name := range w.ExcludedClients {
		excluded := newClient(name)
		if excluded.same(asked) {
			c.fail(Policy, "worker `%s` is excluded for client `%s`", w.ID, asked.name)
			return
		}
		if taken == nil && excluded.takenFor(asked) {
			taken = &excluded
		}
	}
	if taken != nil {
		c.fail(Policy, "worker `%s` is excluded for client `%s`, which is taken for `%s`", w.ID, taken.name, asked.name)
	}
}

// nearExcluded adds a finding for each excluded client with a similar name.
func (c *checker) nearExcluded(e fillEntry, w *roster.Worker, asked client) {
	for _, name := range w.ExcludedClients {
		excluded := newClient(name)
		if !excluded.same(asked) && !excluded.takenFor(asked) && excluded.near(asked) {
			c.find(e.field+".worker_id", "warning",
				"worker `%s` is excluded for client `%s`, which is near `%s`", w.ID, name, asked.name)
		}
	}
}

// partialShift adds a finding when the context has a part of a shift, which is
// not compared with bookings.
func (c *checker) partialShift() {
	var absent []string
	for _, part := range []struct {
		name  string
		value *string
	}{{"date", c.context.Date}, {"start", c.context.Start}, {"end", c.context.End}} {
		if part.value == nil {
			absent = append(absent, part.name)
		}
	}
	if len(absent) == 1 || len(absent) == 2 {
		c.find("context."+absent[0], "warning", "bookings are not checked: the context has no %s",
			strings.Join(absent, " and no "))
	}
}

func (c *checker) active(stage Stage, w *roster.Worker) {
	if !w.Active {
		c.fail(stage, "worker `%s` is not active", w.ID)
	}
}

// minRestMinutes is the least time between two shifts that is not reported.
const minRestMinutes = 8 * 60

// bookings fails for every booking that overlaps the context's shift, and adds
// a finding for each other booking near it.
func (c *checker) bookings(e fillEntry, w *roster.Worker) {
	ctx := c.context
	if ctx.Date == nil || (ctx.Start == nil) != (ctx.End == nil) {
		return
	}
	for _, b := range w.Bookings {
		isNear := false
		if ctx.Start == nil {
			isNear = b.Shift.HasDay(*ctx.Date)
		} else {
			shift := calendar.NewShift(*ctx.Date, *ctx.Start, *ctx.End)
			if shift.Overlaps(b.Shift) {
				c.fail(Policy, "worker `%s` is booked on %s from %s to %s", w.ID, b.Date, b.Start, b.End)
				continue
			}
			isNear = shift.SharesDay(b.Shift) || shift.MinutesApart(b.Shift) < minRestMinutes
		}
		if isNear {
			c.find(e.field+".worker_id", "warning", "worker `%s` is also booked on %s from %s to %s", w.ID, b.Date, b.Start, b.End)
		}
	}
}

var nameMarks = strings.NewReplacer("'", "", ".", "", "-", " ")

// sameName reports whether two names of people are the same.
func sameName(a, b string) bool {
	return slices.Equal(namePlaceWords(a), namePlaceWords(b))
}

// sameCity reports whether two names of cities are the same.
func sameCity(a, b string) bool {
	spelled := func(city string) []string {
		words := namePlaceWords(city)
		for i, word := range words {
			if full, ok := cityWords[word]; ok {
				words[i] = full
			}
		}
		return words
	}
	return slices.Equal(spelled(a), spelled(b))
}

var cityWords = map[string]string{"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}

// namePlaceWords returns the words of a name, without marks.
func namePlaceWords(name string) []string {
	return strings.FieldsFunc(nameMarks.Replace(text.Fold(name)), func(r rune) bool { return r == ' ' })
}
