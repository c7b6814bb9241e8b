package sqlfilter

import (
	"strings"
	"testing"

	"lakehouse.invalid/peer/internal/rawjson"
)

func TestThreeValues(t *testing.T) {
	v, err := rawjson.Parse([]byte(`{"role":"Picker","years":3,"open":true,"shut":false,"gone":null,"list":[],"certs":["Forklift","OSHA 10"],"mixed":["x",3,null],"nested":[["x"]],"it's":"o'k","AND":1,"Years":9}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	members := v.Members()
	for source, want := range map[string]truth{
		"role = 'Picker'":                        yes,
		"role <> 'Picker'":                       no,
		"role != 'Packer'":                       yes,
		"NOT role = 'Packer'":                    yes,
		"absent = 'x'":                           unknown,
		"NOT absent = 'x'":                       unknown,
		"absent <> 'x'":                          unknown,
		"gone = 'x'":                             unknown,
		"list = 'x'":                             no,
		"NOT list = 'x'":                         yes,
		"list IS NULL":                           no,
		"gone IS NULL":                           yes,
		"absent IS NULL":                         yes,
		"absent is not null":                     no,
		"certs = 'OSHA 10'":                      yes,
		"certs <> 'OSHA 10'":                     no,
		"certs <> 'OSHA 30'":                     yes,
		"certs = 1":                              unknown,
		"certs LIKE 'OSHA%'":                     yes,
		"certs NOT LIKE 'OSHA%'":                 no,
		"certs NOT IN ('a', 'b')":                yes,
		"certs IN ('a', 'Forklift')":             yes,
		"certs > 'G' AND certs < 'G'":            yes,
		"certs BETWEEN 'G' AND 'H'":              no,
		"mixed = 3":                              yes,
		"mixed = 4":                              unknown,
		"nested = 'x'":                           unknown,
		"role LIKE 'P_ck%'":                      yes,
		"role LIKE 'p%'":                         no,
		"role ILIKE 'pICK__'":                    yes,
		"role LIKE 'Pick'":                       no,
		"role LIKE '%!e!r' ESCAPE '!'":           yes,
		"role NOT LIKE '%%'":                     no,
		"years LIKE '3'":                         unknown,
		"absent NOT LIKE 'x'":                    unknown,
		"\"it's\" ILIKE 'O''K'":                  yes,
		"years = '3'":                            unknown,
		"years <> TRUE":                          unknown,
		"years = 3.0":                            yes,
		"years >= 3 and years <= 3e0":            yes,
		"years > 3 OR years < 3":                 no,
		"years > -1":                             yes,
		"Years = 9":                              yes,
		"role < 'Q' AND role > 'P'":              yes,
		"open = TRUE":                            yes,
		"open <> true":                           no,
		"shut = false":                           yes,
		"shut != TRUE":                           yes,
		"years IN (1, 3)":                        yes,
		"years IN (1, 2)":                        no,
		"years NOT IN (1, 2)":                    yes,
		"years NOT IN (1, '3')":                  unknown,
		"years IN (3, '3')":                      yes,
		"absent NOT IN (1)":                      unknown,
		"years BETWEEN 3 AND 4":                  yes,
		"years BETWEEN 4 AND 3":                  no,
		"years NOT BETWEEN 4 AND 5":              yes,
		"years BETWEEN 4 AND 'x'":                no,
		"years BETWEEN 1 AND 'x'":                unknown,
		"years BETWEEN 1 AND 5 AND role = 'x'":   no,
		"role = 'Picker' OR absent = 1":          yes,
		"role = 'x' OR absent = 1":               unknown,
		"role = 'x' AND absent = 1":              no,
		"NOT role = 'x' AND absent = 1":          unknown,
		"years = 3 OR years = 4 AND years = 5":   yes,
		"(years = 3 OR years = 4) AND years = 5": no,
		"NOT (role = 'Packer' OR open = FALSE)":  yes,
		`"it's" = 'o''k'`:                        yes,
		`"AND" = 1`:                              yes,
		strings.Repeat("(", 32) + "years=3" + strings.Repeat(")", 32): yes,
		strings.Repeat("NOT ", 32) + "years=3":                        yes,
	} {
		c, err := Parse(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got := c.eval(members); got != want {
			t.Errorf("%s is %d", source, got)
		}
		if c.Passes(members) != (want == yes) {
			t.Errorf("%s: Passes disagrees with the truth value", source)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, source := range []string{
		"", " ", "years", "TRUE", "years =", "years = =", "3 = years", "years = other", "open <> shut",
		"years = NULL", "years IS 1", "years NOT IS NULL", "role LIKE 1", "role LIKE 'x' ESCAPE ''",
		"role LIKE 'x' ESCAPE 'ab'", "role LIKE 'x!' ESCAPE '!'", "null = 1", "years IN (NULL)", "years == 3", "years = 3;", "years = 3 -- x",
		"years = 3 /* x */", "years = +3", "years = - 3", "years = 3x", "years = 1e999", "years = 'x", `"years = 3`,
		"years IN ()", "years IN (1", "years IN 1", "years IN (1,)", "years BETWEEN 1", "years BETWEEN 1 OR 2",
		"open < TRUE", "open BETWEEN FALSE AND TRUE", "(years = 3", "years = 3)", "years = 3 years = 4",
		"years NOT = 3", "NOT", "and = 1", "é = 1", "years = 3 AND", "years + 1 = 3",
		strings.Repeat("(", 33) + "years=3" + strings.Repeat(")", 33),
		strings.Repeat("NOT ", 33) + "years=3",
		"years = 3" + strings.Repeat(" ", 4096),
	} {
		if c, err := Parse(source); err == nil {
			t.Errorf("%q is read as %#v", source, c)
		}
	}
}
