// SPDX-License-Identifier: Apache-2.0
/*
 * When it is watched whose packets arrive, in user space: one line "kept" or "broken" for each promise. The books are written here.
 */
#include <stdio.h>
#include <string.h>
#include "pressure.h"

#define SECOND 1000000000ull
#define CPUS 3

static int broken;

static void promise(const char *words, bool kept)
{
	printf("%s: %s\n", kept ? "kept" : "broken", words);
	broken += !kept;
}

static struct softnet books[CPUS];
static struct pressure p;
static uint64_t now;

/* A second later; what was asked for at the last look was done. */
static void look(bool allowed)
{
	now += SECOND;
	pressure_look(&p, books, now, p.every, allowed);
}

static void begin(void)
{
	memset(books, 0, sizeof(books));
	books[1].drops = 100;
	now = 50 * SECOND;
	if (!pressure_start(&p, CPUS))
		promise("there is memory", false);
	look(true);
}

static void parsing(void)
{
	char modern[] = "00000010 00000002 00000003 0 0 0 0 0 0 00000000 00000000 00000000 00000000 00000000 00000000\n"
			"000000ff 00000000 0000000a 0 0 0 0 0 0 00000000 00000000 00000000 00000002 00000000 00000000\n";
	char old[] = "00000010 00000002 00000003 0 0 0 0 0 0 00000000 00000000\n"
		     "000000ff 00000000 0000000a 0 0 0 0 0 0 00000000 00000000\n";
	char nothing[] = "\n";
	struct softnet cpus[CPUS] = { [1] = { 7, 7, 7 } };
	FILE *file = fmemopen(modern, strlen(modern), "r");
	bool parsed = softnet_parse(file, cpus, CPUS);

	promise("a line says of which CPU it is; one without a line stays as it was",
		parsed && cpus[0].packets == 0x10 && cpus[0].drops == 2 && cpus[0].squeezed == 3 && cpus[1].packets == 7 &&
			cpus[2].packets == 0xff && cpus[2].squeezed == 0xa);
	fclose(file);
	file = fmemopen(old, strlen(old), "r");
	parsed = softnet_parse(file, cpus, CPUS);
	promise("lines of an old kernel are those of the CPUs in order", parsed && cpus[1].packets == 0xff);
	fclose(file);
	file = fmemopen(nothing, strlen(nothing), "r");
	promise("a file without CPUs says nothing", !softnet_parse(file, cpus, CPUS));
	fclose(file);
}

static void times(void)
{
	int looks = 0;

	begin();
	promise("what happened before the first look is no pressure", !p.every && !p.pressed_ns);
	books[0].packets += 5000;
	look(true);
	promise("packets alone are no pressure", !p.every && !p.pressed_ns);
	books[0].squeezed++;
	look(true);
	promise("a budget that is used up is, and nothing of its first second was watched",
		p.every && p.cpus[0].watched && !p.cpus[1].watched && p.pressed_ns == SECOND && !p.watched_ns);
	books[0].drops++;
	look(true);
	promise("the second one was", p.pressed_ns == 2 * SECOND && p.watched_ns == SECOND);
	books[0].drops++;
	books[2].drops++;
	look(true);
	promise("a second in which another CPU was pressed, too, was not watched as a whole",
		p.pressed_ns == 3 * SECOND && p.watched_ns == SECOND && p.cpus[2].watched);
	while (p.every && looks < 100) {
		look(true);
		looks++;
	}
	promise("it ends some looks after the pressure, which are none of its time",
		looks == PRESSURE_HOLD && p.pressed_ns == 3 * SECOND);
	look(true);
	promise("and does not come back by itself", !p.every);
}

static void refusals(void)
{
	begin();
	books[0].drops++;
	look(false);
	promise("where it may not be watched, the pressure is told all the same", !p.every && p.pressed_ns == SECOND);
	books[0].drops++;
	look(true);
	now += SECOND;
	pressure_look(&p, NULL, now, true, true);
	promise("without books nothing is watched", !p.every && p.pressed_ns == 2 * SECOND);
	books[0].drops += 50;
	look(true);
	promise("and what they say first after that is no pressure", !p.every && p.pressed_ns == 2 * SECOND);
	books[0].drops = 0xfffffffe;
	look(true);
	look(true);
	books[0].drops = 3;
	look(true);
	promise("books go around", p.every);
}

static void looks(void)
{
	bool bounded = true, enough = true;

	begin();
	for (uint64_t packets = 1000; packets < 100000000; packets *= 3) {
		books[1].packets += packets;
		books[1].drops++;
		look(true);
		bounded &= packets / p.every <= PRESSURE_LOOKS;
		enough &= p.every == 1 || packets / p.every > PRESSURE_LOOKS / 2 - 1;
	}
	promise("however many packets come, not more than so many are looked at in a second", bounded);
	promise("nor fewer than half of that", enough);
}

int main(void)
{
	parsing();
	times();
	refusals();
	looks();
	return broken != 0;
}
