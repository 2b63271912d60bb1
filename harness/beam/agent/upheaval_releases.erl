%% Releases: the applications of a scenario, and what the release handler does to
%% them. It is these applications' callback module, too.
-module(upheaval_releases).
-export([start/2, stop/1, shutdown/1]).
-export([running/0, latest/0, folders/1, start_application/2, applications/1, releases/0, codes/2, step/2, application_step/4, start_heart/0, is_restarting/1]).

%% How long the node waits with its restart for the harness to fetch what happened
%% until then, in milliseconds.
-define(HELD, 60000).

%% How long the application controller may take to hear that an application is over.
-define(HEARD, 5000).

%%% The callbacks

%% The application's own process traces itself while it starts the top of the tree:
%% so the workload is traced from its birth, whoever starts the application, and the
%% application controller and its masters are not.
start(_, [Name, Module, Args]) ->
    upheaval_tracer:trace_children(),
    try Module:start_link(Name, Args)
    after upheaval_tracer:trace_no_children()
    end.

stop(_) -> ok.

%% The application controller calls this before it stops anything, when the node is to
%% restart: what was traced is fetched before it is lost. What the node loads as it boots
%% is not to be traced: patterns on what is loaded outlive the restart.
shutdown(_) ->
    upheaval_tracer:hold(?HELD),
    erlang:trace_pattern(on_load, false, [local]).

%%% Applications

%% An application is temporary: if the top of its tree gives up, the node goes on.
start_application(App, Top) ->
    settled(App, Top),
    case application:start(App, temporary) of
        ok -> {ok, whereis(Top)};
        {error, {already_started, App}} -> {error, {already_started, whereis(Top)}};
        {error, {Why, {?MODULE, start, _}}} -> {error, Why};
        Error -> Error
    end.

%% The applications that are loaded: {App, Vsn, Started, Env}.
applications(Tops) ->
    Loaded = application:loaded_applications(),
    [{App, Vsn, settled(App, Top), env(App)} || {App, Top} <- Tops, {Name, _, Vsn} <- Loaded, Name =:= App].

env(App) ->
    lists:sort([Setting || {Key, _} = Setting <- application:get_all_env(App), Key =/= included_applications]).

%% Whether an application runs, once the application controller has heard of the end
%% of its top.
settled(App, Top) -> settled(App, Top, erlang:monotonic_time(millisecond) + ?HEARD).

settled(App, Top, Deadline) ->
    Runs = lists:keymember(App, 1, application:which_applications()),
    IsHeard = Top =:= none orelse Runs =:= (whereis(Top) =/= undefined),
    case IsHeard orelse erlang:monotonic_time(millisecond) >= Deadline of
        true -> Runs;
        false -> erlang:yield(), settled(App, Top, Deadline)
    end.

%%% Releases

%% Each release with its status, as the release handler lists them.
releases() ->
    [{Vsn, Status} || {_, Vsn, _, Status} <- release_handler:which_releases()].

%% The release that runs, as far as the release handler knows.
latest() ->
    [Vsn | _] = [Vsn || Wanted <- [current, permanent], {Vsn, Status} <- releases(), Status =:= Wanted],
    Vsn.

%% The folders that the code path has of applications, by their names alone.
folders(Apps) ->
    [filename:basename(Dir) || App <- Apps, Dir <- [code:lib_dir(App)], is_list(Dir)].

%% The release that was booted.
running() ->
    {_, Vsn} = init:script_id(),
    Vsn.

step(Function, Arg) ->
    try release_handler:Function(Arg)
    catch exit:Why -> {exit, Why}
    end.

%% Whoever calls this function of the release handler does it all: so it is a process
%% that is traced as the release handler is.
application_step(Function, App, Dir, Tracer) ->
    {Pid, Monitor} = spawn_monitor(fun() ->
        upheaval_tracer:moving_code(Tracer),
        Result = try release_handler:Function(App, filename:join([code:root_dir(), "lib", Dir]))
                 catch
                     %% The rest is the appup's text.
                     error:{badmatch, {Vsn, _}} -> {error, {badmatch, Vsn}};
                     _:Why -> {error, Why}
                 end,
        upheaval_tracer:moved_code(Tracer),
        exit({done, Result})
    end),
    receive
        {'DOWN', Monitor, _, Pid, {done, Result}} -> Result;
        {'DOWN', Monitor, _, Pid, Why} -> {error, Why}
    end.

%% The harness starts the node again after a reboot, as heart would: it is here so that
%% the release handler can tell it what to start.
start_heart() ->
    case whereis(heart) of
        undefined -> register(heart, spawn(fun heart/0));
        _ -> true
    end.

heart() ->
    receive
        {From, set_cmd, _} -> From ! {heart, ok}, heart();
        _ -> heart()
    end.

%% Whether, and how, the release handler has made the node start anew. It does that after it has
%% answered, and before it is asked for anything else.
is_restarting(Tracer) ->
    _ = (catch release_handler:which_releases()),
    upheaval_tracer:is_restarting(Tracer).

%% What is current and what is old of some modules, {Vsn, OldVsn} or none, found by
%% asking; which version the old one is, the books tell that were kept before.
codes(Modules, Codes) ->
    maps:from_list([{M, code(M, maps:get(M, Codes, {none, none}))} || M <- Modules]).

code(Module, {Before, Old}) ->
    Current = current(Module),
    case erlang:check_old_code(Module) of
        false -> {Current, none};
        true when Current =:= Before, Old =/= none -> {Current, Old};
        true -> {Current, Before}
    end.

current(Module) ->
    case erlang:module_loaded(Module) of
        true -> proplists:get_value(vsn, Module:module_info(attributes), none);
        false -> none
    end.
