%% hall, version 1, without the bug of v1.erl: it stays, and begins anew.
-module(hall).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{entered => 0}}.

handle_call(entered, _, #{entered := Entered} = State) -> {reply, Entered, State}.

handle_cast(enter, #{entered := Entered}) -> {noreply, #{entered => Entered + 1}};
handle_cast({close, Time}, _) ->
    see_out(Time),
    {noreply, #{entered => 0}}.

%% It takes about so many half milliseconds, and as the install beside it longer on a busy
%% machine.
see_out(Time) -> _ = lists:sum(lists:seq(1, Time * 30000)), ok.
