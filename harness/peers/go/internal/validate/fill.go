package validate

import (
	"fmt"

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
		if e.name != nil && !text.Same(*e.name, w.Name) {
			c.fail(Consistency, "worker `%s` is called `%s`, not `%s`", w.ID, w.Name, *e.name)
		}
	})
	rule(func(_ fillEntry, w *roster.Worker) { c.active(Consistency, w) })
	if role := c.context.Role; role != nil {
		rule(func(_ fillEntry, w *roster.Worker) { c.worksAs(w, *role) })
	}
	if city := c.context.City; city != nil {
		rule(func(_ fillEntry, w *roster.Worker) { c.in("city", w, w.City, *city) })
	}
	if state := c.context.State; state != nil {
		rule(func(_ fillEntry, w *roster.Worker) { c.in("state", w, w.State, *state) })
	}
	if client := c.context.Client; client != nil {
		rule(func(_ fillEntry, w *roster.Worker) {
			if text.AnySame(w.ExcludedClients, *client) {
				c.fail(Policy, "worker `%s` is excluded for client `%s`", w.ID, *client)
			}
		})
	}
	rule(c.bookings)
}

func (c *checker) active(stage Stage, w *roster.Worker) {
	if !w.Active {
		c.fail(stage, "worker `%s` is not active", w.ID)
	}
}

func (c *checker) in(what string, w *roster.Worker, place, wanted string) {
	if !text.Same(place, wanted) {
		c.fail(Consistency, "worker `%s` is in %s `%s`, not `%s`", w.ID, what, place, wanted)
	}
}

// bookings fails for every booking that overlaps the context's shift, and adds
// a finding for each other booking on its date.
func (c *checker) bookings(e fillEntry, w *roster.Worker) {
	ctx := c.context
	if ctx.Date == nil || ctx.Start == nil || ctx.End == nil {
		return
	}
	shift := calendar.NewShift(*ctx.Date, *ctx.Start, *ctx.End)
	for _, b := range w.Bookings {
		switch {
		case shift.Overlaps(b.Shift):
			c.fail(Policy, "worker `%s` is booked on %s from %s to %s", w.ID, b.Date, b.Start, b.End)
		case b.Date == *ctx.Date:
			c.find(e.field+".worker_id", "warning", "worker `%s` is also booked on %s from %s to %s", w.ID, b.Date, b.Start, b.End)
		}
	}
}
