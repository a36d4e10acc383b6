/* Stands in for Tesseract: what the picture it is handed says, it does. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static char picture[1 << 16];

static void could(const char *what, int result)
{
    if (result >= 0)
        printf("could %s\n", what);
}

/* What a picture might try that has taken it over. The last would end this program, had it success. */
static void try_everything(void)
{
    struct rlimit more = {1 << 20, 1 << 20};
    char *nothing[] = {"true", NULL};

    could("fork", fork());
    could("make a socket to the network", socket(AF_INET, SOCK_STREAM, 0));
    could("send by UDP", socket(AF_INET6, SOCK_DGRAM, 0));
    could("make a local socket", socket(AF_UNIX, SOCK_STREAM, 0));
    could("read a file", open("/etc/passwd", O_RDONLY));
    could("list a folder", open("/", O_RDONLY | O_DIRECTORY));
    could("read about itself", open("/proc/self/maps", O_RDONLY));
    could("read a device", open("/dev/zero", O_RDONLY));
    could("make a file", open("/tmp/sluse-ocr-could", O_WRONLY | O_CREAT, 0600));
    could("end its parent", kill(getppid(), 0));
    could("lift a limit", setrlimit(RLIMIT_FSIZE, &more));
    execv("/bin/true", nothing);
    execv("/bin/sh", nothing);
    puts("tried all");
}

int main(int count, char **argument)
{
    char *arguments[] = {"loader", "/bin/echo", "could run another program by the loader", NULL};
    size_t read;

    if (count > 1 && strcmp(argument[1], "--list-langs") == 0) {
        puts("List of available languages (2):\ndan\nosd");
        return 0;
    }
    if (count > 1 && strcmp(argument[1], "--version") == 0) {
        puts("fake 1.0\n more");
        return 0;
    }
    read = fread(picture, 1, sizeof picture - 1, stdin);
    for (size_t at = 0; at < read; at++)
        if (picture[at] == 0)
            picture[at] = ' ';
    if (strstr(picture, "SAY"))
        puts("CPR-nr. 140562-1234");
    fflush(stdout);
    if (strstr(picture, "HANG"))
        for (;;)
            pause();
    if (strstr(picture, "SPIN"))
        for (volatile int at = 0;; at++)
            ;
    if (strstr(picture, "CRASH"))
        abort();
    if (strstr(picture, "REFUSE"))
        return 1;
    if (strstr(picture, "MEMORY")) {
        while (malloc(1 << 20))
            ;
        fputs("terminate called after throwing an instance of 'std::bad_alloc'\n", stderr);
        abort();
    }
    if (strstr(picture, "LONG"))
        for (;;)
            puts("more and more and more");
    if (strstr(picture, "TRY"))
        try_everything();
    if (strstr(picture, "LOADER"))
        execv("/lib64/ld-linux-x86-64.so.2", arguments);
    return 0;
}
