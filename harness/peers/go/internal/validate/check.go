package validate

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/roster"
	"lakehouse.invalid/peer/internal/text"
)

// Result has an artifact's failures, in the order of the rules, and the
// findings of one that passes.
type Result struct {
	Failures []Failure
	Findings []Finding
}

// Check applies the rules of the request's kind to its artifact.
func Check(req *Request, workers *roster.Roster) Result {
	c := checker{roster: workers, context: &req.Context}
	switch req.Kind {
	case "fill":
		c.fill(req.Artifact)
	case "playbook":
		c.playbook(req.Artifact)
	default:
		c.message(req.Kind, req.Artifact)
	}
	if len(c.Failures) > 0 {
		c.Findings = nil
	}
	return c.Result
}

// checker collects the failures and findings of rules.
type checker struct {
	Result
	roster           *roster.Roster
	context          *Context
	uncheckedMembers int
}

func (c *checker) schema(field, reason string) {
	c.Failures = append(c.Failures, Failure{Schema, field, reason})
}

func (c *checker) fail(stage Stage, format string, args ...any) {
	c.Failures = append(c.Failures, Failure{Stage: stage, Reason: fmt.Sprintf(format, args...)})
}

func (c *checker) find(field, severity, format string, args ...any) {
	c.Findings = append(c.Findings, Finding{field, severity, fmt.Sprintf(format, args...)})
}

// object returns the members of the artifact, and false when it is not an
// object.
func (c *checker) object(artifact rawjson.Value) (rawjson.Members, bool) {
	if artifact.Kind() != rawjson.Object {
		c.schema("artifact", "must be an object")
		return nil, false
	}
	return artifact.Members(), true
}

// required returns a string that must be present.
func (c *checker) required(members rawjson.Members, name string) (string, bool) {
	v, ok := members.Get(name)
	switch {
	case !ok:
		c.schema(name, "is missing")
	case v.Kind() != rawjson.String:
		c.schema(name, "must be a string")
	default:
		return v.Text(), true
	}
	return "", false
}

// optional returns a member that may be absent or null, which gives nil. A
// member that is not a string, or is empty unless emptyToo, is a failure of
// field.
func (c *checker) optional(members rawjson.Members, name, field string, emptyToo bool) *string {
	v, ok := members.Get(name)
	if !ok || v.Kind() == rawjson.Null {
		return nil
	}
	s := v.Text()
	switch {
	case v.Kind() == rawjson.String && (emptyToo || s != ""):
		return &s
	case emptyToo:
		c.schema(field, "must be a string")
	default:
		c.schema(field, mustNotBeEmpty)
	}
	return nil
}

const mustNotBeEmpty = "must be a string that is not empty"

// empty fails when nothing is left of a text that is folded and squeezed.
func (c *checker) empty(name, value string) {
	if text.Squeezed(value) == "" {
		c.fail(Completeness, "%s is empty", name)
	}
}

// longest fails when a text has more than limit characters.
func (c *checker) longest(name, value string, limit int) {
	if n := utf8.RuneCountInString(value); n > limit {
		c.fail(Completeness, "%s has %d characters, at most %d are allowed", name, n, limit)
	}
}

// known returns the worker with an id, or nil and a failure.
func (c *checker) known(id string) *roster.Worker {
	w := c.roster.Worker(id)
	if w == nil {
		c.fail(Consistency, "worker `%s` is not in the roster", id)
	}
	return w
}

func (c *checker) worksAs(w *roster.Worker, role string) {
	if !text.AnySame(w.Roles, role) {
		c.fail(Consistency, "worker `%s` does not work as `%s`", w.ID, role)
	}
}

// unchecked adds a finding for each member that no rule knows; prefix is that
// of the members' fields.
func (c *checker) unchecked(prefix string, members rawjson.Members, known ...string) {
	seen := map[string]bool{}
	for _, m := range members {
		if slices.Contains(known, m.Name) || seen[m.Name] {
			continue
		}
		seen[m.Name] = true
		if v, _ := members.Get(m.Name); v.Kind() != rawjson.Null {
			c.findUnchecked(prefix + m.Name)
		}
	}
}

// maxUnchecked is the maximum number of members that are reported.
const maxUnchecked = 100

func (c *checker) findUnchecked(field string) {
	if c.uncheckedMembers++; c.uncheckedMembers > maxUnchecked {
		return
	}
	c.find(field, "warning", "not checked: no rule knows this member")
}

// named returns the ids of the workers that an accepted artifact or its
// context names.
func named(req *Request) []string {
	members := req.Artifact.Members()
	member := func(m rawjson.Members, name string) (string, bool) {
		v, _ := m.Get(name)
		return v.Text(), v.Kind() == rawjson.String
	}
	switch req.Kind {
	case "fill":
		var ids []string
		list, _ := members.Get("fills")
		for _, fill := range list.Elements() {
			if id, ok := member(fill.Members(), "worker_id"); ok {
				ids = append(ids, id)
			}
		}
		return ids
	case "playbook":
		id, _ := member(members, "answer_id")
		return []string{id}
	}
	if id, ok := member(members, "worker_id"); ok {
		return []string{id}
	}
	if req.Context.WorkerID != nil {
		return []string{*req.Context.WorkerID}
	}
	return nil
}

// Grounded reports whether every worker that an accepted artifact names is in
// the roster.
func Grounded(req *Request, workers *roster.Roster) bool {
	return !slices.ContainsFunc(named(req), func(id string) bool { return workers.Worker(id) == nil })
}
